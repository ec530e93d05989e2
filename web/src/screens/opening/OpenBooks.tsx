// Opening the books: the day, the files, a trial run beside the trial balance, and then the opening.
import { Alert, Box, Button, Group, Progress, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { list, type Schemas } from "../../api/client";
import { askAgain } from "../../fresh";
import { Dialog } from "../../house/Dialog";
import { DayField } from "../../house/fields";
import { Problem } from "../../house/Problem";
import { tell } from "../../house/tell";
import { useUnsaved } from "../../house/Unsaved";
import { Way } from "../../house/Way";
import { useSession } from "../../session";
import { useFormats, useWords } from "../../words";
import { Comparison } from "./Comparison";
import { FileSlots, sheetWord } from "./FileSlots";
import { areSound, rowsOf, type Texts, useFiles } from "./useFiles";
import { useOpen } from "./useOpen";

/** What a trial run came to, with the day and the files that it was of. */
interface Trial {
  day: string;
  texts: Texts;
  came: Schemas["Opened"];
  /** Whether the difference that it came to is to be booked by name. */
  book: boolean;
}

/** Whether a trial run was of this day and of exactly these files. */
function isOf(trial: Trial, day: string, texts: Texts): boolean {
  const names = Object.keys(texts);
  return (
    trial.day === day &&
    names.length === Object.keys(trial.texts).length &&
    names.every((name) => trial.texts[name] === texts[name])
  );
}

/** An opening stands already. */
function Stands({ id }: { id: string }) {
  const say = useWords();
  return (
    <Alert color="orange" title={say("opening.stands")} data-loaded="true">
      <Text size="sm" mb="xs">
        {say("opening.standsText")}
      </Text>
      <Button variant="default" component={Way} to={`/books/openings/${id}`}>
        {say("opening.toIt")}
      </Button>
    </Alert>
  );
}

/** What the server is at; before it tells, only that it is at work. */
function HowFar({ of }: { of: Schemas["RequestProgress"] | undefined }) {
  const say = useWords();
  const { count } = useFormats();
  if (!of) return <Progress value={100} animated aria-label={say("app.loading")} />;
  return (
    <>
      <Progress
        value={(of.done / Math.max(of.total, 1)) * 100}
        animated
        aria-label={say("opening.howFar")}
      />
      <Text size="sm" mt={4}>
        {say("opening.soFar", { done: count(of.done), total: count(of.total) })}{" "}
        {of.step ? say(sheetWord(of.step)) : say("opening.comparing")}
      </Text>
    </>
  );
}

function Wizard({ sheets }: { sheets: Schemas["OpeningFile"][] }) {
  const say = useWords();
  const navigate = useNavigate();
  const { day: dayText } = useFormats();
  const { me } = useSession();
  const [day, setDay] = useState(me.today);
  const [last, setLast] = useState<Trial>();
  const [isOpen, setIsOpen] = useState(false);
  const files = useFiles(sheets);
  const open = useOpen(async (opened, of) => {
    files.tell(of.files, opened.errors);
    if (!opened.applied) {
      const trial = { day: of.opened_on, texts: of.files, came: opened, book: false };
      setLast(opened.errors.length > 0 ? undefined : trial);
      return;
    }
    setIsOpen(true);
    tell(say, "done", say("opening.done"));
    await askAgain();
    navigate({ to: `/books/openings/${opened.opening_id}` as never });
  });
  const places = Object.keys(files.places);
  useUnsaved(!isOpen && (places.length > 0 || files.unplaced.length > 0));
  const rows = rowsOf(files.places);
  const texts = Object.fromEntries(places.map((file) => [file, files.places[file]?.text ?? ""]));
  // A trial run tells of the day and the files that it was of, and of no others.
  const trial = last && isOf(last, day, texts) ? last : undefined;
  const request = (dry_run: boolean) => ({
    opened_on: day,
    files: texts,
    dry_run,
    book_difference: trial?.book && !dry_run ? trial.came.difference : undefined,
  });
  const isSound = areSound(files.places, sheets) && !files.isChoosing && day !== "";
  const agrees = trial && (trial.came.differences.length === 0 || trial.book);
  return (
    <Box data-loaded="true">
      <Text size="sm" maw={720} mb="sm">
        {say("opening.what")}
      </Text>
      <Box maw={260} mb="sm">
        <DayField
          word="opening.day"
          hint={say("opening.dayHint")}
          required
          value={day}
          disabled={open.isPending}
          change={setDay}
        />
      </Box>
      <Title order={2} size="h4" mb="xs">
        {say("opening.files")}
      </Title>
      <FileSlots sheets={sheets} files={files} busy={open.isPending} />
      <Group mt="md">
        <Button
          variant={agrees ? "default" : "filled"}
          disabled={!isSound || open.isPending}
          onClick={() => open.mutate(request(true))}
        >
          {say("opening.try")}
        </Button>
        {agrees && !open.isPending && (
          <Dialog
            word="opening.open"
            look="filled"
            busy={open.isPending}
            ready
            act={async () => open.mutate(request(false))}
            body={
              <Text size="sm">{say("opening.sure", { n: rows, day: day && dayText(day) })}</Text>
            }
          />
        )}
      </Group>
      {open.isPending && (
        <Box mt="md" maw={620} role="status">
          <Text size="sm" mb={4}>
            {open.variables.dry_run
              ? say("opening.trying", { n: rows })
              : say("opening.taking", { n: rows, seconds: open.seconds })}
          </Text>
          <HowFar of={open.soFar} />
          {open.late && (
            <Text size="sm" mt={4}>
              {say("opening.waiting")}
            </Text>
          )}
        </Box>
      )}
      {open.error && <Problem error={open.error} />}
      {trial && !open.isPending && (
        <Comparison
          of={trial.came}
          book={trial.book}
          setBook={(book) => setLast({ ...trial, book })}
        />
      )}
    </Box>
  );
}

export default function OpenBooks() {
  const say = useWords();
  const sheets = useQuery({
    queryKey: ["list", "/api/v1/opening-files", {}],
    queryFn: () => list("/api/v1/opening-files", {}),
  });
  const openings = useQuery({
    queryKey: ["list", "/api/v1/openings", { limit: "1" }],
    queryFn: () => list("/api/v1/openings", { limit: "1" }),
  });
  const error = sheets.error ?? openings.error;
  const [last] = openings.data?.lines ?? [];
  return (
    <Box>
      <Title order={1} mb="sm">
        {say("page.openBooks")}
      </Title>
      {error && <Problem error={error} />}
      {last && !last.undone_at && <Stands id={last.opening_id} />}
      {sheets.data && openings.data && !(last && !last.undone_at) && (
        <Wizard sheets={sheets.data.lines} />
      )}
    </Box>
  );
}

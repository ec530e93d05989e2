// Opening the books: the day, the files, a trial run beside the trial balance, and then the opening.
import { Alert, Box, Button, Group, Progress, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { list, type Schemas } from "../../api/client";
import { askAgain } from "../../fresh";
import { Dialog } from "../../house/Dialog";
import { DayField } from "../../house/fields";
import { Problem } from "../../house/Problem";
import { tell } from "../../house/tell";
import { useUnsaved } from "../../house/Unsaved";
import { useSession } from "../../session";
import { useFormats, useWords } from "../../words";
import { Comparison } from "./Comparison";
import { FileSlots } from "./FileSlots";
import { areSound, rowsOf, useFiles } from "./useFiles";
import { useOpen } from "./useOpen";

type Opened = Schemas["Opened"];

/** An opening stands already. */
function Stands({ id }: { id: string }) {
  const say = useWords();
  return (
    <Alert color="orange" title={say("opening.stands")} data-loaded="true">
      <Text size="sm" mb="xs">
        {say("opening.standsText")}
      </Text>
      <Button variant="default" component={Link} to={`/books/openings/${id}` as never}>
        {say("opening.toIt")}
      </Button>
    </Alert>
  );
}

function Wizard({ sheets }: { sheets: Schemas["OpeningFile"][] }) {
  const say = useWords();
  const navigate = useNavigate();
  const { day: dayText } = useFormats();
  const { me } = useSession();
  const [day, setDay] = useState(me.today);
  const [book, setBook] = useState(false);
  // A trial run tells of the day and the files that it was of, and of no others.
  const [tried, setTried] = useState<Opened>();
  const [isOpen, setIsOpen] = useState(false);
  const forget = () => {
    setTried(undefined);
    setBook(false);
  };
  const files = useFiles(sheets, forget);
  const open = useOpen(async (opened) => {
    files.tell(opened.errors);
    if (!opened.applied) {
      setTried(opened.errors.length > 0 ? undefined : opened);
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
  const request = (dry_run: boolean) => ({
    opened_on: day,
    files: texts,
    dry_run,
    book_difference: book && !dry_run,
  });
  const isSound = areSound(files.places, sheets) && day !== "";
  const agrees = tried && (tried.differences.length === 0 || book);
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
          change={(next) => {
            setDay(next);
            forget();
          }}
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
          <Progress value={100} animated aria-label={say("app.loading")} />
          {open.late && (
            <Text size="sm" mt={4}>
              {say("opening.waiting")}
            </Text>
          )}
        </Box>
      )}
      {open.error && <Problem error={open.error} />}
      {tried && !open.isPending && <Comparison of={tried} book={book} setBook={setBook} />}
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

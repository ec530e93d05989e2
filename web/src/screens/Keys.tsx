// Keys by which programs sign in: each is made for a user, may no more than that user, and is shown once.
import { TagsInput } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { Choice } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { Secret } from "../house/Secret";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useWords } from "../words";

type Key = Row<"/api/v1/api-keys">;
const key = columnsOf<Key>();
const NONE = { name: "", expires: "", user: "" };

function CreateKey({ told }: { told: (key: string | undefined) => void }) {
  const say = useWords();
  const { form, set, reset } = useFields(NONE);
  const [scopes, setScopes] = useState<string[]>([]);
  const create = useAct(
    "/api/v1/api-keys",
    // A repeat after a lost answer does not tell it again.
    ({ key: made }) =>
      made
        ? say("done.created", { number: form.name.trim() })
        : { how: "look", text: say("keys.lost") },
    (answer) => told(answer.key ?? undefined),
  );
  return (
    <Dialog
      word="act.newKey"
      look="filled"
      busy={create.isPending}
      ready={form.name.trim() !== "" && form.expires !== "" && scopes.length > 0}
      onOpen={() => {
        reset();
        setScopes([]);
      }}
      act={() =>
        create.mutateAsync({
          name: form.name.trim(),
          scopes,
          expires_on: form.expires,
          user_id: form.user || null,
        })
      }
      body={
        <>
          <TextField word="f.name" required focus value={form.name} change={set("name")} />
          <TagsInput
            label={say("f.permissions")}
            description={say("keys.scopesHint")}
            required
            value={scopes}
            onChange={setScopes}
            clearable
            clearButtonProps={{ "aria-label": say("list.clear") }}
          />
          <DayField
            word="f.expiresOn"
            hint={say("keys.expiresHint")}
            required
            value={form.expires}
            change={set("expires")}
          />
          <Choice
            of="userIds"
            word="f.user"
            hint={say("keys.userHint")}
            clearable
            value={form.user}
            change={set("user")}
          />
        </>
      }
    />
  );
}

/** A key stops at once, and does not come back. */
function Revoke({ of }: { of: Key }) {
  const say = useWords();
  const revoke = useAct("/api/v1/api-keys/revoke", () => say("done.saved"));
  return (
    <Dialog
      word="act.revokeKey"
      inLine
      look="danger"
      busy={revoke.isPending}
      ready
      act={() => revoke.mutateAsync({ api_key_id: of.api_key_id })}
      body={say("keys.revokeText", { name: of.name })}
    />
  );
}

export default function Keys() {
  const may = useMay();
  const [told, setTold] = useState<string>();
  const { me } = useSession();
  const revokes = may("identity.revoke_api_key");
  const ends = (row: Key) => !row.revoked_at && (revokes || row.login === me.login);
  return (
    <>
      <ListPage
        path="/api/v1/api-keys"
        title="page.keys"
        actions={may("identity.create_api_key") && <CreateKey told={setTold} />}
        rowKey={(row) => row.api_key_id}
        whole
        filters={[{ name: "valid_only", word: "f.validOnly", kind: "yes", front: true }]}
        columns={[
          key.text("f.name", (row) => row.name),
          key.text("f.login", (row) => row.login),
          key.text("f.permissions", (row) => row.scopes.join(" · ")),
          key.day("f.createdOn", (row) => row.created_on),
          key.day("f.expiresOn", (row) => row.expires_on),
          key.day("f.lastUsed", (row) => row.last_used_on),
          key.moment("f.revokedAt", (row) => row.revoked_at),
          key.node("f.action", (row) => (ends(row) ? <Revoke of={row} /> : null)),
        ]}
      />
      <Secret title="keys.once" hint="keys.onceHint" of={told} close={() => setTold(undefined)} />
    </>
  );
}

// The frame of every page: menu, search, and who is signed in.
import {
  AppShell,
  Burger,
  Center,
  Group,
  Loader,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, memo, Suspense, useEffect, useState } from "react";
import { list, Refusal } from "./api/client";
import { AREAS, HOME, isOpen } from "./areas";
import { Help } from "./Help";
import { isCovered, usePageKeys } from "./house/keys";
import { told } from "./house/Problem";
import { tell } from "./house/tell";
import { Unsaved } from "./house/Unsaved";
import { useScanner } from "./house/useScanner";
import { Way } from "./house/Way";
import { useLive } from "./live";
import { Palette } from "./Palette";
import { SessionProvider, useMay, useWho } from "./session";
import { useKeeper } from "./shift/keeper";
import { useSending } from "./shift/useSending";
import { UserMenu } from "./UserMenu";
import { Waiting } from "./Waiting";
import { useWords, ZoneProvider } from "./words";

const Unlock = lazy(() => import("./Unlock"));
const FirstFactor = lazy(() => import("./screens/security/FirstFactor"));

/** Knows who is signed in before anything is shown: as the server tells, or where there is no network
 * as it was when somebody took a shift along. */
export function Shell() {
  const session = useWho();
  const { open } = useKeeper();
  const say = useWords();
  const isAway = session.error !== null && !(session.error instanceof Refusal);
  const known = session.data ?? open?.who;
  const lacks = known?.lacks_second_factor ?? false;
  // The page stays until the recovery codes are kept, although the session lacks nothing by then.
  const [showsCodes, setShowsCodes] = useState(false);
  if (!known && isAway) {
    return (
      <Suspense>
        <Unlock retry={() => session.refetch()} />
      </Suspense>
    );
  }
  if (!known) {
    return (
      <Center h="100vh">
        <Loader role="status" aria-label={say("app.loading")} type="dots" />
      </Center>
    );
  }
  return (
    <SessionProvider value={known}>
      <ZoneProvider value={known.me.zone}>
        {lacks || showsCodes ? (
          <Suspense>
            <FirstFactor
              showsCodes={showsCodes}
              showing={setShowsCodes}
              done={() => session.refetch()}
            />
          </Suspense>
        ) : (
          <Frame />
        )}
        <Unsaved />
      </ZoneProvider>
    </SessionProvider>
  );
}

/** Where one is, without what is asked there: a list's filter changes nothing around the list. */
function usePath(): string {
  return useLocation({ select: ({ pathname }) => pathname });
}

function Frame() {
  const say = useWords();
  const navigate = useNavigate();
  const pathname = usePath();
  const [menu, { toggle, close }] = useDisclosure(false);
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure(false);
  const [palette, { open: openPalette, close: closePalette }] = useDisclosure(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(close, [pathname]);
  useGoing((to) => navigate({ to }));
  useLookUp();
  useLive();
  useSending();
  usePageKeys([
    ["?", openHelp],
    ["shift+?", openHelp],
    ["/", openPalette],
  ]);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !menu } }}
      padding="md"
    >
      <a href="#content" className="skip">
        {say("app.skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={menu}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={say("app.menu")}
            />
            <Way to="/" style={{ textDecoration: "none", color: "inherit" }}>
              <Group gap={8} wrap="nowrap">
                <img src="/mark.svg" alt="" width={24} height={24} />
                <Text fw={700}>Purser</Text>
              </Group>
            </Way>
          </Group>
          <UnstyledButton
            onClick={openPalette}
            className="sheet"
            px="sm"
            py={4}
            style={{ flex: 1, maxWidth: 420, overflow: "hidden" }}
          >
            <Group justify="space-between" wrap="nowrap">
              <Group gap={6} wrap="nowrap">
                <IconSearch size={14} aria-hidden />
                <Text size="sm" c="dimmed" truncate>
                  {say("app.search")}
                </Text>
              </Group>
              <Text size="xs" c="dimmed" visibleFrom="sm">
                Ctrl K
              </Text>
            </Group>
          </UnstyledButton>
          <Waiting />
          <UserMenu openHelp={openHelp} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar component="nav" aria-label={say("app.menu")}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: "none" }}>
        <Outlet />
      </AppShell.Main>
      <Palette opened={palette} open={openPalette} close={closePalette} openHelp={openHelp} />
      <Help opened={help} close={closeHelp} />
    </AppShell>
  );
}

/** What is scanned leads to its item, unless the page itself wants it. */
function useLookUp() {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  useScanner(async (code) => {
    if (!may("catalog.read")) return;
    try {
      const [item] = (await list("/api/v1/scans", { code })).lines;
      if (item) navigate({ to: `/stock/items/${item.item_id}` });
      else tell(say, "look", say("scan.unknown", { code }));
    } catch (error) {
      tell(say, "wrong", told(say, error));
    }
  }, true);
}

/** g and then an area's letter goes there. */
function useGoing(go: (to: string) => void) {
  const may = useMay();
  useEffect(() => {
    let pressed = Number.NEGATIVE_INFINITY;
    const listen = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.closest("input,textarea,select");
      if (typing || isCovered(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "g") {
        pressed = event.timeStamp;
      } else if (event.timeStamp - pressed < 1_200) {
        pressed = Number.NEGATIVE_INFINITY;
        const area = AREAS.find(({ letter }) => letter === event.key);
        const page = area?.pages.find((one) => isOpen(one, may));
        if (event.key === HOME.letter) go("/");
        else if (page) go(page.to);
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  });
}

const Navigation = memo(function Navigation() {
  const say = useWords();
  const may = useMay();
  const pathname = usePath();
  const areas = AREAS.map((area) => ({
    ...area,
    pages: area.pages.filter((page) => isOpen(page, may)),
  })).filter((area) => area.pages.length > 0);
  return (
    <ScrollArea p={6} type="auto">
      <NavLink
        component={Way}
        to="/"
        label={say(HOME.word)}
        leftSection={<HOME.icon size={16} aria-hidden />}
        active={pathname === "/"}
      />
      {areas.map((area) => (
        <NavLink
          key={area.word}
          component="button"
          label={say(area.word)}
          leftSection={<area.icon size={16} aria-hidden />}
          defaultOpened={area.pages.some((page) => pathname.startsWith(page.to))}
          childrenOffset={26}
        >
          {area.pages.map(({ to, word }) => (
            <ToPage key={to} to={to} label={say(word)} active={pathname.startsWith(to)} />
          ))}
        </NavLink>
      ))}
    </ScrollArea>
  );
});

interface ToPageProps {
  to: string;
  label: string;
  active: boolean;
}

/** A page in the menu, of which there are many: drawn again only when one comes or leaves. */
const ToPage = memo(function ToPage(props: ToPageProps) {
  return <NavLink component={Way} py={4} {...props} />;
});

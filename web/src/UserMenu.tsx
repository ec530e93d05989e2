// Who is signed in, what he prefers, and the way out.
import {
  Avatar,
  Group,
  Menu,
  Text,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import {
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconShieldLock,
  IconSun,
  IconUsers,
} from "@tabler/icons-react";
import { Way } from "./house/Way";
import { useSignOut } from "./SignOut";
import { useSession } from "./session";
import { OtherCompanies } from "./WorkIn";
import { useTongue, useWords } from "./words";

export function UserMenu({ openHelp }: { openHelp: () => void }) {
  const say = useWords();
  const { me } = useSession();
  const { language, setLanguage } = useTongue();
  const { toggleColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  useHotkeys([["mod+J", toggleColorScheme]], []);
  const { signOut, refused } = useSignOut();
  return (
    <Group gap="xs" wrap="nowrap">
      {refused}
      <Text size="sm" c="dimmed" visibleFrom="md" maw={220} truncate>
        {me.company}
      </Text>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <UnstyledButton>
            <Avatar size={28} radius="xl" color="ink" variant="filled" name={me.display_name} />
            <VisuallyHidden>{me.display_name}</VisuallyHidden>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Text px="sm" pt={6} size="sm" fw={600}>
            {me.display_name}
          </Text>
          <Text px="sm" pb={6} size="xs" c="dimmed">
            {me.login} · {me.company}
          </Text>
          <Menu.Divider />
          <Menu.Item
            leftSection={dark ? <IconSun size={15} /> : <IconMoon size={15} />}
            onClick={toggleColorScheme}
          >
            {say(dark ? "app.light" : "app.dark")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLanguage size={15} />}
            onClick={() => setLanguage(language === "de" ? "en" : "de")}
          >
            {language === "de" ? "English" : "Deutsch"}
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={openHelp}>
            {say("app.shortcuts")}
          </Menu.Item>
          <Menu.Item leftSection={<IconUsers size={15} />} component={Way} to="/sessions">
            {say("page.sessions")}
          </Menu.Item>
          <Menu.Item leftSection={<IconShieldLock size={15} />} component={Way} to="/security">
            {say("page.security")}
          </Menu.Item>
          <OtherCompanies />
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={15} />} onClick={signOut}>
            {say("app.signOut")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

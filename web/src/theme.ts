import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The ship's ink: for what can be pressed, and nothing else. */
const ink: MantineColorsTuple = [
  "#eaf4f7",
  "#d6e6eb",
  "#a9ccd6",
  "#7ab1c1",
  "#5499ad",
  "#3b8aa1",
  "#2a7189",
  "#1f5f75",
  "#1f4e5f",
  "#133947",
];

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 6 },
  colors: { ink },
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: "sm",
  cursorType: "pointer",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.375rem" }, h2: { fontSize: "1rem" } },
  },
  components: {
    // A title in the colour of what it warns of could not be read by everybody.
    Alert: { styles: { title: { color: "var(--mantine-color-text)" } } },
    Button: { defaultProps: { size: "xs" } },
    // Options are there when they are asked for. Kept, they are laid out with the page that has them.
    Combobox: { defaultProps: { keepMounted: false } },
    TextInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "xs" } },
    NativeSelect: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
  },
});

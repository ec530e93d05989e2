import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./theme.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./queries";
import { router } from "./router";
import { theme } from "./theme";
import { WordsProvider } from "./words";

// What it keeps is the desk's own files alone. Without it the desk works, but for the network.
if (import.meta.env.PROD) navigator.serviceWorker?.register("/worker.js").catch(() => undefined);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Suspense>
          <WordsProvider>
            <QueryClientProvider client={queries}>
              <Notifications position="bottom-right" autoClose={4000} />
              <RouterProvider router={router} />
            </QueryClientProvider>
          </WordsProvider>
        </Suspense>
      </MantineProvider>
    </StrictMode>,
  );
}

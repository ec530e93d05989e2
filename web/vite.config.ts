import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { worker } from "./scripts/worker";

const server = process.env.PURSER_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), worker()],
  build: { outDir: "dist", emptyOutDir: false, target: "es2023", chunkSizeWarningLimit: 900 },
  server: { proxy: { "/api": server } },
});

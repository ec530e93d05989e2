// A relay of the story's own: it speaks as much SMTP as it needs, and refuses whom it is told to.
import { createServer } from "node:net";
import { freePort } from "./cluster.mjs";

/** Takes mails for anybody but those refused; tells what it took. */
export async function startRelay(refused) {
  const taken = [];
  const server = createServer((socket) => {
    socket.setEncoding("utf8");
    let rest = "";
    /** The message under way, while one is. */
    let message;
    const answer = (text) => socket.write(`${text}\r\n`);
    const hear = (line) => {
      if (message !== undefined) {
        if (line !== ".") {
          message += `${line}\n`;
          return;
        }
        taken.push(message);
        message = undefined;
        answer("250 queued");
        return;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === "RCPT" && refused.some((one) => line.includes(one))) answer("550 no such user");
      else if (verb === "DATA") {
        message = "";
        answer("354 go on");
      } else if (verb === "QUIT") {
        answer("221 bye");
        socket.end();
      } else answer("250 ok");
    };
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      const lines = (rest + data).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line);
    });
    answer("220 relay");
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `smtp://127.0.0.1:${port}`, taken, stop: () => server.close() };
}

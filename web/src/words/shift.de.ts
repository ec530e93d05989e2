// German: the compiler refuses a missing key or a superfluous one.
import type { shiftEn } from "./shift.en";

export const shiftDe: Record<keyof typeof shiftEn, string> = {
  "page.shift": "Meine Schicht",
  "page.queue": "Warteschlange",
  "act.takeAlong": "Schicht mitnehmen",
  "act.takeAgain": "Neu mitnehmen",
  "act.sync": "Jetzt senden",
  "act.discard": "Verwerfen",
  "act.editAct": "Bearbeiten",
  "act.clearSent": "Gesendetes entfernen",
  "act.exportQueue": "Exportieren",
  "act.importQueue": "Importieren",
  "act.dispatch": "Abschicken",
  "act.arrive": "Annehmen",
  "shift.about":
    "Nehmen Sie mit, woran Sie in einem Lager arbeiten: erwartete Bestellungen, einzulagernde Ware, Zähllisten, Ihre Picklisten und Umlagerungen. Es liegt auf diesem Gerät, nur für Sie verschlüsselt, und Sie arbeiten auch ohne Netz weiter. Was Sie tun, kommt in die Warteschlange und wird gesendet, sobald das Netz wieder da ist.",
  "shift.closed":
    "Ihre Schicht auf diesem Gerät ist geschlossen. Ihr Kennsatz öffnet sie, und wo ein Netz ist, Ihre Anmeldung.",
  "shift.openByServer": "Ohne Kennsatz öffnen",
  "shift.takenAt": "Lager {warehouse}, mitgenommen",
  "shift.taken": "Mitgenommen: {n} Belege",
  "shift.none": "Nichts wurde mitgenommen.",
  "shift.lock": "Schließen",
  "shift.queueOf": "Warteschlange: {n}",
  "shift.toReceive": "Anzunehmen",
  "shift.toPick": "Zu entnehmen",
  "shift.toCount": "Zu zählen",
  "shift.linesLeft": "noch {n}",
  "shift.nothingLeft": "nichts mehr offen",
  "shift.leftToCount": "Noch zu zählen: {n}",
  "shift.inQueue": "In der Warteschlange:",
  "shift.lookUp": "Was ist das, und auf welchem Beleg?",
  "shift.unknownCode": "Kein mitgenommener Artikel hat diesen Code.",
  "shift.dueByHint": "Bestellungen, die bis dahin fällig sind, werden mitgenommen",
  "shift.phrase": "Kennsatz für dieses Gerät",
  "shift.phraseAgain": "Noch einmal",
  "shift.phraseText":
    "Ohne Netz öffnet Ihr Kennsatz, was auf diesem Gerät liegt. Er steht nirgends, und niemand kann ihn Ihnen nennen.",
  "shift.phraseHint": "Mindestens {n} Zeichen; am besten mehrere Wörter",
  "shift.phraseShort": "Zu kurz: nehmen Sie mindestens {n} Zeichen",
  "shift.phraseOther": "Das ist nicht dasselbe",
  "shift.phraseOf": "Kennsatz von {name}",
  "shift.wrongPhrase": "Das ist nicht der Kennsatz.",
  "shift.unlock": "Meine Schicht öffnen",
  "shift.whose": "Wessen Schicht",
  "shift.away": "Kein Netz",
  "shift.awayText": "Der Server antwortet nicht. Was mitgenommen wurde, kann bearbeitet werden.",
  "shift.awayNothing":
    "Der Server antwortet nicht, und auf diesem Gerät wurde nichts mitgenommen. Versuchen Sie es erneut, wenn das Netz wieder da ist.",
  "shift.others":
    "{name} hat auf diesem Gerät eine Schicht mitgenommen. Nur {name} kann sie öffnen.",
  "shift.othersUnsent":
    "{name} hat auf diesem Gerät {n} Einträge, die noch nicht gesendet sind. Nur {name} kann sie öffnen und senden.",
  "shift.notHere":
    "Das ist nicht auf dem Gerät. Öffnen Sie Ihre Schicht, oder nehmen Sie sie neu mit.",
  "shift.notOnDocument":
    "{sku} wird hier nicht gebraucht. Scannen Sie etwas anderes, oder sehen Sie einen anderen Beleg an.",
  "shift.lotMissing":
    "{sku} wird nach Charge oder Seriennummer unterschieden. Scannen oder tippen Sie jetzt die Nummer.",
  "shift.tooMany": "Hier sind nur noch {n} von {sku} zu entnehmen. Geben Sie weniger ein.",
  "shift.scanGoods": "Ware scannen; jeder Scan zählt",
  "shift.blind": "Erwartetes nicht zeigen",
  "shift.enterLine": "Eingeben, Zeile {n}, {sku}",
  "shift.keepLine": "Zeile {n} speichern",
  "shift.queued": "In der Warteschlange",
  "shift.alreadyQueued": "Das ist schon in der Warteschlange.",
  "shift.receiveOf": "{number} annehmen",
  "shift.dispatchOf": "{number} abschicken",
  "shift.arriveOf": "{number} annehmen",
  "shift.waitingCount": "{n} warten",
  "shift.refusedCount": "{n} abgelehnt",
  "shift.halt.away": "Der Server antwortet nicht. Was wartet, wird gesendet, sobald er es tut.",
  "shift.halt.sign_in":
    "Ihre Sitzung ist beendet. Was wartet, wird gesendet, wenn Sie wieder angemeldet sind.",
  "shift.halt.another":
    "Jemand anderes ist angemeldet. Was wartet, wird erst gesendet, wenn Sie selbst angemeldet sind.",
  "shift.did.receive": "Ware angenommen",
  "shift.did.count": "Gezählt",
  "shift.did.pick": "Entnommen",
  "shift.did.dispatch": "Umlagerung abgeschickt",
  "shift.did.arrive": "Umlagerung angenommen",
  "shift.became": "gebucht als {number}",
  "shift.exported": "exportiert",
  "shift.exportedText":
    "Von hier wird es nicht gesendet. Importieren Sie die Datei dort, wo gesendet werden soll; um doch von hier zu senden, importieren Sie sie hier.",
  "shift.refused": "Der Server hat das abgelehnt",
  "shift.held": "Wartet, bis der abgelehnte Eintrag desselben Belegs davor erledigt ist.",
  "shift.discardText":
    "Was Sie mit {number} getan haben, wird aufgegeben: es wird nicht gesendet, und nichts davon wird gebucht. Das lässt sich nicht zurücknehmen.",
  "shift.editText": "Eine Zeile ohne Menge entfällt.",
  "shift.goneMeanwhile": "Das wurde inzwischen gesendet. Sehen Sie nach, was daraus wurde.",
  "shift.confirmOver": "Es kam mehr als bestellt, und es wird angenommen",
  "shift.queueEmpty": "Nichts wartet.",
  "shift.queueClosed": "Ihre Schicht ist nicht offen. Öffnen Sie sie, um zu sehen, was wartet.",
  "shift.more": "{n} weitere zeigen",
  "shift.notSignedOut": "Sie sind nicht abgemeldet",
  "shift.notSignedOutText":
    "{n} Ihrer Einträge sind noch nicht gesendet, und niemand sonst kann sie senden. Senden Sie sie jetzt, oder exportieren Sie sie in der Warteschlange, und melden Sie sich dann ab.",
  "shift.toQueue": "Zur Warteschlange",
  "shift.exportDone":
    "Exportiert. Nur Sie können die Datei lesen: importieren Sie sie dort, wo Sie angemeldet sind.",
  "shift.imported": "Importiert: {n}",
  "shift.unread.closed":
    "Was Sie auf diesem Gerät haben, ist geschlossen. Öffnen Sie es mit Ihrer Passphrase und importieren Sie die Datei dann noch einmal.",
  "shift.unread.no_queue":
    "Diese Datei ist keine exportierte Warteschlange, oder sie wurde verändert.",
  "shift.unread.anothers":
    "Diese Datei gehört jemand anderem. Nur wer sie exportiert hat, kann sie lesen und senden.",
};

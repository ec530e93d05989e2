// German: the compiler refuses a missing key or a superfluous one.
import type { helpEn } from "./help.en";

export const helpDe: Record<keyof typeof helpEn, string> = {
  "help.purchaseOrders":
    "Bestellungen bei Lieferanten, vom Entwurf bis zur Zahlung. Ein Entwurf wird eingereicht; über der Grenze des Einkäufers gibt ihn jemand frei; dann wird er gesendet, bestätigt, geliefert und berechnet.",
  "help.proposals":
    "Was bestellt oder aus einem anderen Lagerort geholt werden sollte und warum: aus der Regel jedes Artikels, Bestand, Zulauf und Bedarf. Filtern Sie nach Lieferant oder Lagerort, wählen Sie Zeilen aus, um daraus Bestellungen und Umlagerungen zu machen oder sie für eine Weile zu verwerfen.",
  "help.proposalGroups":
    "Was bei jedem Lieferanten zu bestellen wäre oder von jedem Lager käme, in einer Zeile mit dem Wert. Öffnen zeigt die Vorschläge, oder alles wird auf einmal freigegeben.",
  "help.rules":
    "Wie viel von einem Artikel an einem Platz liegen soll und wer ihn versorgt: Lieferanten mit ihren Angeboten oder ein anderer Lagerort. Die Disposition prüft jede Regel; Regeln kommen auch über Einlesen herein.",
  "help.receipts":
    "Lieferungen von Lieferanten, wie sie angenommen wurden. Ein Wareneingang entsteht an der Bestellung mit Annehmen; sein Wert gilt als erhalten, nicht berechnet, bis die Rechnung kommt.",
  "help.bills":
    "Rechnungen der Lieferanten, Zeile für Zeile mit Bestellung und Eingang verglichen. Vergleichen zeigt, worin sie abweichen; eine Abweichung wird mit Grund angenommen oder mit dem Lieferanten geklärt.",
  "help.grni":
    "Was ankam und nicht berechnet wurde, oder berechnet wurde und nicht ankam, je Bestellzeile. Zeilen verschwinden, sobald Rechnung und Eingang passen; was lange bleibt, braucht eine Frage an den Lieferanten.",
  "help.claims":
    "Was Lieferanten für fehlerhafte Ware schulden. Eine Reklamation entsteht aus einer Warenprüfung oder der Entscheidung über eine Retoure und endet mit Gutschrift, Ersatz oder Ausbuchung.",
  "help.suppliers":
    "Bei wem wir kaufen. Ein Lieferant ist ein Partner, bei dem bestellt werden darf; Lieferanten kommen über Einlesen herein, ihre Preise stehen in den Angeboten.",
  "help.offers":
    "Preise der Lieferanten für Artikel ab einer Menge, mit Lieferzeiten. Eine Bestellung ohne Preis nimmt das Angebot für ihre Menge; die Disposition wählt unter ihnen. Angebote kommen über Einlesen herein.",
  "help.readiness":
    "Was einem Artikel fehlt, bevor er von selbst nachbestellt werden kann: Angebot, Lieferzeit, Regel. Ergänzen Sie, was fehlt, dann ist der Artikel bereit.",
  "help.items":
    "Was gekauft, gelagert und verkauft wird. Öffnen Sie einen Artikel für Bestand, Zu- und Abgang und Preise. Artikel kommen über Einlesen herein; ein Scanner führt von überall hierher.",
  "help.stock":
    "Was wo liegt, nach Platz und Charge. Quarantäne darf nicht verkauft werden, unterwegs ist, was kommt. Bestand ändert sich durch Eingang, Versand, Umlagerung und Zählung, nie von Hand hier.",
  "help.movements":
    "Jede Bewegung von Platz zu Platz, mit Wert und Anlass. Nichts wird gelöscht: ein Fehler wird zurückbewegt.",
  "help.lots":
    "Ware, die zusammen kam und unterscheidbar ist, mit Verfall. Was zuerst verfällt, wird zuerst entnommen; suchen Sie nach Tag, was rechtzeitig weg muss.",
  "help.toInspect":
    "Angenommene Ware in Quarantäne, die jemand ansehen muss. Prüfen gibt sie in den Bestand oder sagt, was nicht stimmt und was daraus wird.",
  "help.toPutAway":
    "Angenommene Ware, die noch dort liegt, wo sie ankam, mit dem Platz, an den sie nach den Einlagerungsregeln kommt. Was für Aufträge reserviert ist, wird dort entnommen, wo es liegt. Wählen Sie Zeilen, um sie wie vorgeschlagen einzulagern, oder öffnen Sie eine, um es mit dem Scanner zu tun.",
  "help.nextCounts":
    "Wann jeder Platz mit Bestand als Nächstes gezählt wird: nach seinem Turnus oder dem eines Platzes darum herum, am Stichtag der Firma oder, mit einem Profil, weil die Klasse eines Artikels dort fällig ist. Überfälliges wird morgen gezählt. Zählungen planen setzt Fälliges auf Zähllisten.",
  "help.countRequests":
    "Plätze, die leer geworden sind und angesehen werden sollen, weil ihre Regel es sagt. Sie stehen hier, bis jemand sie gezählt hat oder wieder Ware eingeht.",
  "help.countPlaces":
    "Regeln der Plätze: alle wie viele Tage sie gezählt werden, ob ein leerer angesehen wird und wie weit eine Zählung abweichen darf. Eine Regel gilt für die Plätze darin, die keine eigene haben.",
  "help.countProfiles":
    "In welche Klassen Artikel nach dem abgegangenen Wert fallen und alle wie viele Tage jede Klasse gezählt wird. Artikel behalten ihre Klasse, bis sie neu eingestuft werden.",
  "help.countClasses":
    "Die Klasse, die jeder Artikel jetzt hat, mit dem abgegangenen Wert, seinem Rang und seit wann er sie ununterbrochen hat.",
  "help.itemImports":
    "Übernommene Dateien von Artikeln, die neueste zuerst. Eine wird zurückgenommen, solange niemand geändert hat, was sie schrieb: Angelegtes wird stillgelegt, Geändertes wieder wie zuvor. Eine Zeile führt zu den Artikeln der Datei.",
  "help.itemImportLines":
    "Die Artikel, die Importe angelegt oder geändert haben, mit den Änderungen. Was seitdem jemand geändert hat, steht der Rücknahme seines Imports entgegen.",
  "help.partnerImports":
    "Übernommene Dateien von Lieferanten und Kunden, die neueste zuerst. Eine wird zurückgenommen, solange niemand geändert hat, was sie schrieb: Angelegtes wird stillgelegt, Geändertes wieder wie zuvor. Eine Zeile führt zu den Partnern der Datei.",
  "help.partnerImportLines":
    "Die Partner, die Importe angelegt oder geändert haben, mit den Änderungen. Was seitdem jemand geändert hat, steht der Rücknahme seines Imports entgegen.",
  "help.putawayRules":
    "Wo Ware eines Artikels liegen soll, und für wie viel davon ein Platz Raum hat. Plätze werden nach Rang gefüllt; wofür keine Regel Raum hat, das kommt in den Bestand.",
  "help.ledger":
    "Die Zeilen, die ein Konto berühren, die älteste zuerst, jede mit dem Saldo danach. Öffnen Sie eine Zeile für die ganze Buchung.",
  "help.inspections":
    "Was an angenommener Ware gefunden wurde, von wem, und was daraus wurde. Zeilen erscheinen, sobald Ware geprüft wird.",
  "help.transfers":
    "Ware zwischen zwei Lagern: geplant, gesendet, angenommen. Was nicht ankommt, gilt als fehlend, bis es geklärt ist.",
  "help.counts":
    "Listen, auf denen Regal und Bücher verglichen werden. Eröffnen Sie eine für ein Lager, erfassen Sie, was da liegt, und buchen Sie: die Abweichungen werden mit Grund gebucht.",
  "help.adjustments":
    "Korrekturen des Bestands an das Regal. Über der Grenze eines Grundes wartet eine, bis sie jemand freigibt, der sie nicht gemacht hat.",
  "help.unexplained":
    "Abweichungen, die noch niemand erklären konnte, jede mit Zuständigem und Tag. Erklären bucht den Wert auf den Grund, der es war.",
  "help.salesOrders":
    "Aufträge der Kunden aus allen Kanälen. Was da ist, ist für sie reserviert; was fehlt, ist ihr Rückstand, der am Auftrag zugeteilt, bestellt oder storniert werden kann.",
  "help.shipments":
    "Was zu Kunden ging, mit Spediteur und Sendungsnummer. Eine Lieferung entsteht am Auftrag mit Liefern; Ware und ihr Wert verlassen die Bücher zusammen.",
  "help.invoices":
    "Was Kunden zahlen sollen, und Gutschriften. Eine Rechnung entsteht am Auftrag für alles Gelieferte, noch nicht Berechnete; ihre Nummern haben keine Lücke.",
  "help.routes":
    "Entscheidungen, aus welchem Lager ein Auftrag erfüllt wird, mit ihrer Grundlage. Zugeteilt wird am Auftrag; reihen Sie zuerst die Lager des Kanals.",
  "help.supplies":
    "Was beim Lieferanten für nur einen Kundenauftrag bestellt wurde, weil es kein Lager hat. Was direkt an den Kunden geht, wird hier bestätigt, sobald der Lieferant es gesendet hat.",
  "help.rankings":
    "Welche Lager die Aufträge eines Kanals erfüllen dürfen, und welches zuerst gefragt wird. Ohne Rangfolge warten Aufträge auf ihr eigenes Lager.",
  "help.returns":
    "Ware, die Kunden zurücksenden dürfen. Eine Retoure wird am gelieferten Auftrag genehmigt; kommt die Ware, wird sie angenommen, über sie entschieden und erstattet.",
  "help.refunds":
    "Was von einem Verkauf zurückgegeben wird. Über einer Grenze stimmt erst jemand zu; dann wird ausgezahlt, was der Kunde bezahlt hatte.",
  "help.trialBalance":
    "Alle Konten mit ihrem Saldo an einem Tag; Soll und Haben stimmen überein. Ein Konto führt zu seinen Buchungen.",
  "help.journal":
    "Jede Buchung, ausgeglichen, mit ihrem Tag. Buchungen folgen aus Eingängen, Lieferungen, Rechnungen und Zahlungen; nachträglich wird nichts geändert.",
  "help.openItems":
    "Was noch auszugleichen ist, Posten für Posten: Rechnungen, Forderungen, nicht berechnete Ware. Was alt ist, braucht Zuständigen und Grund; wählen Sie Posten aus, um einen zu nennen.",
  "help.locks":
    "Jede Sperre eines Zeitraums, wie sie gesetzt und wieder geöffnet wurde, jede mit einem Siegel dessen, was die Bücher sagten.",
  "help.clearing":
    "Was jeder Kanal von Kunden eingezogen und noch nicht ausgezahlt hat. Eine Auszahlung wird mit dem eingegeben, was der Kanal einbehielt; eine Zeile öffnet seine Auszahlungen.",
  "help.payouts":
    "Geld, das Kanäle auf die Bank ausgezahlt haben. Eingegeben wird eine Auszahlung unter Bei Kanälen liegend; geöffnet zeigt sie ihre Gebühren und lässt sich zurücknehmen.",
  "help.supplierReturns":
    "Ware, die an Lieferanten zurückging. Was nicht berechnet war, wird nicht mehr geschuldet; was berechnet war, bleibt offen, bis die Gutschrift kommt oder andere Ware. Zurückgesandt wird auf der Bestellung, dem Wareneingang oder unter Zu prüfen.",
  "help.stockLedger":
    "Was der Bestand nach seinen Schichten wert ist, neben dem Saldo seiner Konten im Hauptbuch, am Ende eines Tages. In stimmigen Büchern sind beide gleich. Das Hauptbuch kennt keine Lager: nach Lager steht der Wert allein, und wo Lager einen gemeinsamen Preis haben, hat jedes den Anteil dessen, was dort lag.",
  "help.stockLedgerDays":
    "Um wie viel Waren und Buchungen jedes Bestandskonto an einem Tag geändert haben und was danach dort stand. Ein Tag, an dem beide abweichen, ist die Stelle zum Suchen: öffnen zeigt seine Buchungen.",
  "help.stockLedgerLines":
    "Was jeder Artikel am Ende eines Tages wert war, nach Lager und Klasse: die Zeilen hinter Bestand gegen Hauptbuch.",
  "help.stockValue":
    "Was der Bestand an einem Tag wert ist, nach Artikel und Art. Die Summe ist der Saldo der Bestandskonten an diesem Tag.",
  "help.payments":
    "Geld, das kam und ging, und was es ausglich. Zahlungen kommen aus Kanälen, Auszahlungen und Bank und werden zurückgenommen, nie gelöscht.",
  "help.partners":
    "Menschen und Firmen, mit denen wir handeln, als Kunden, Lieferanten oder beides. Sie kommen über Einlesen herein; eine Zeile führt zu Adressen und Ansprechpartnern.",
  "help.places":
    "Wo Ware sein kann: die Plätze unserer Lagerorte, und die, von denen Ware kommt, an die sie geht oder auf denen sie verloren ist. Etiketten werden für eigene Plätze gedruckt.",
  "help.warehouses":
    "Wo Ware liegt. Jedes Lager hat eigene Plätze und nimmt Ware in einem oder mehreren Schritten an. Eine Zeile führt zu dem, was darin liegt.",
  "help.categories":
    "Namen für Gruppen von Artikeln, nach denen Bewertung, Konten und Zählung eingestellt werden. Eine Zeile führt zu ihren Artikeln.",
  "help.units":
    "Worin Mengen gezählt werden, und wie viel der Grundeinheit jede fasst. Ein Artikel wird in seiner Lagereinheit geführt, worin er auch gekauft wird.",
  "help.channels":
    "Woher Aufträge kommen: ein Shop, ein Marktplatz, Großhandel. Jeder hat sein Lager und seine Bedingungen und führt zu seinen Aufträgen.",
  "help.inspectionRules":
    "Welche Ware in Quarantäne eingeht und geprüft wird: nach Artikel, nach Lieferant oder nach beiden, wovon die engste Regel gilt. Wo keine sie betrifft, gilt die Richtlinie inspect_receipts.",
  "help.transferTimes":
    "Wie viele Tage Ware von einem Lager zum anderen braucht. Danach werden Umlagerungen fällig, und die Nachbestellung blickt über sie voraus.",
  "help.taxCodes":
    "Wie Umsätze besteuert werden: ein Schlüssel mit Art, dem Satz an einem Tag und dem, der als Nächster kommt. Ein Schlüssel führt zu allen seinen Sätzen; was gebucht ist, behält den Satz seines Tages.",
  "help.taxRates":
    "Jeder Satz von Steuerschlüsseln mit den Tagen, an denen er gilt. Ein weiterer Satz wird an seinem Schlüssel gesetzt, ab einem Tag, der noch keinen hat.",
  "help.exchangeRates":
    "Was eine Einheit einer fremden Währung in der der Firma wert ist, ab einem Tag bis zum nächsten Kurs. Ein Kurs desselben Tages tritt an die Stelle des vorigen; was gebucht ist, behält seinen Kurs.",
  "help.categoryMethods":
    "Nach welchem Verfahren neue Artikel einer Kategorie bewertet werden, und seit wann. Ohne eigenes gilt die Richtlinie der Firma; Artikel, die schon bewertet wurden, behalten ihres.",
  "help.itemMethods":
    "Nach welchem Verfahren jeder Artikel bewertet wird, seit wann, und was er kostet. Neue Kosten oder ein anderes Verfahren sagen vorher, was sie buchen würden.",
  "help.costChanges":
    "Was den Wert von Ware geändert hat, ohne sie zu bewegen: neue Kosten, ein anderes Verfahren, eine Rechnung zu anderem Preis, Bezugskosten.",
  "help.companies":
    "Die Firmen, in denen Sie arbeiten. Jede hat eigene Bücher, Artikel und Benutzer; wer eine weitere anlegt, wird ihr Administrator.",
  "help.accounts":
    "Der Kontenplan, mit der Rolle jedes Kontos. Ein Konto führt zu seinen Buchungen.",
  "help.reasons":
    "Warum Regal und Bücher abweichen können, jeder mit dem Konto, das es trägt, und seinen Grenzen. Zählungen, Korrekturen und Entscheidungen über Ware nennen einen.",
  "help.approvals":
    "Was auf Ihr Ja wartet, gleich welcher Art: nach Ihren Rechten, Ihrer Grenze oder in fremdem Namen. Jede Zeile sagt, warum gefragt wird. Wählen Sie mehrere aus, um sie auf einmal zu entscheiden.",
  "help.approvalHistory":
    "Alles, wofür jemandes Ja erbeten wurde, mit wem es entschied und warum. Was nach der Freigabe geändert wurde, ist hinfällig.",
  "help.approvalRules":
    "Bei welchen Belegen jemandes Ja erbeten wird: ab welchem Betrag, unter welchen Bedingungen und wessen. Ohne Regel einer Art fragt die eigene Grenze des Verfassers.",
  "help.delegations":
    "Wer in wessen Namen entscheidet, von Tag zu Tag. Eine Vertretung darf, was der andere in diesem Augenblick darf, und reicht nichts weiter; beide Namen bleiben.",
  "help.documents":
    "Die Dateien aller Belege, die Sie sehen dürfen, mit Typ, Version und Ablauf. Angehängt wird am Beleg; eine neue Version ersetzt eine Datei, und was gelöst wurde, bleibt mit Grund erhalten.",
  "help.webhooks":
    "Wer erfährt, was hier geschieht: Jedes Ereignis wird an die Adresse gesendet, mit dem Geheimnis des Webhooks signiert und drei Tage lang erneut versucht, bis die Antwort 2xx ist. Wer einen Tag lang nicht antwortet, wird angehalten, mit Grund.",
  "help.webhookDeliveries":
    "Ereignisse auf dem Weg zu Webhooks. Zu einem Beleg gehen sie in ihrer Reihenfolge hinaus: Ein späteres wartet, bis das frühere zugestellt oder aufgegeben ist. Aufgegebenes oder erneut Benötigtes wird hier noch einmal zugestellt, Wartendes sofort wieder versucht.",
  "help.webhookAttempts":
    "Jeder Zustellversuch: wann er endete, was der Webhook antwortete und wie lange es dauerte. Verloren ist ein Versuch, dessen Server anhielt, bevor er die Antwort festhielt.",
  "help.jobs":
    "Arbeit, die von selbst wiederkehrt, zu einer Uhrzeit der Firma oder alle so viele Minuten. Eine Aufgabe läuft auf einem Server zugleich; was fehlschlug, wird erneut versucht, und nach fünf Fehlern in Folge steht es hier.",
  "help.jobRuns":
    "Jeder Lauf einer Aufgabe, nach Zeitplan oder von Hand, mit seinem Ergebnis oder dem Grund des Fehlers.",
  "help.mails":
    "E-Mails, die hinausgingen oder hinausgehen: Bestellungen an Lieferanten und Erinnerungen. Was fehlschlug, sagt die Antwort des Mailservers und wird hier erneut versucht.",
  "help.ahead":
    "Was an Ware gemessen wurde, die eine Bestellung noch bringt. Ein Messwert außerhalb der Grenzen hält die Zeile zurück, bis ein späterer besteht oder jemand die Ware mit Grund zulässt. Gemessen wird an der Bestellzeile.",
  "help.blindReceipts":
    "Lieferungen, deren Ware gescannt wird, ohne die Bestellung zu sehen, von beliebig vielen Leuten. Am Ende wird sie den Bestellungen des Lieferanten zugeordnet, das zuerst Zugesagte zuerst; was zu keiner passt, wartet als unbekannte Ware.",
  "help.unknownGoods":
    "Ware, deren Artikel oder Bestellung niemand kennt. Sie hat in den Büchern keinen Wert, bis sie für eine Bestellung angenommen oder behalten wird; jede hat einen Zuständigen und einen Tag, bis zu dem sie endet.",
  "help.points":
    "Was vor dem Wareneingang gemessen wird, an einem Artikel oder an jedem, mit Grenzen.",
  "help.duties":
    "Wessen Rollen Aufgaben vereinen, die zwei Personen haben sollten, und wer beides tat. Taten sind die des letzten Jahres, wenn keine Tage angegeben sind.",
  "help.policies":
    "Was die Firma für sich festgelegt hat, je unter seinem Namen. Eine Änderung gilt von da an und steht im Prüfpfad.",
  "help.users":
    "Wer sich anmelden darf. Was jemand darf, kommt aus den erteilten Rollen; wer geht, wird ausgeschaltet, nie gelöscht.",
  "help.roles":
    "Bündel von Rechten, eingebaut oder eigene. Eine Rolle wirkt, sobald sie jemandem erteilt ist.",
  "help.grants":
    "Wer welche Rolle hat, in welchem Lager und bis zu welchem Betrag. Darüber muss jemand anderes freigeben.",
  "help.keys":
    "Schlüssel, mit denen sich Programme anmelden, was jeder darf und bis wann. Ein Schlüssel darf nicht mehr als sein Benutzer und wird nur einmal gezeigt, wenn er angelegt wird; ein widerrufener gilt sofort nicht mehr.",
  "help.audit":
    "Alles, was getan wurde, von wem und wann. Die Zeilen sind versiegelt: keine lässt sich unbemerkt ändern oder entfernen.",
  "help.sessions":
    "Wo Sie angemeldet sind. Beenden Sie eine Sitzung, die Sie nicht kennen: sie ist sofort abgemeldet.",
  "help.pickLists":
    "Was für Aufträge von seinen Plätzen zu nehmen ist, in der Reihenfolge des Gangs. Picks planen setzt auf Listen, was für Aufträge reserviert ist; die Ware bleibt in den Büchern an ihrem Platz, bis sie versandt wird.",
  "help.pickLines":
    "Ware einer Auftragszeile an einem Platz: was entnommen, nicht gefunden, gepackt und versandt wurde. Filtern Sie nach dem, was noch zu entnehmen ist oder zurückmuss.",
  "help.packages":
    "Was für Aufträge gepackt wurde und mit welcher Nummer es an den Zusteller ging. Wählen Sie geschlossene Pakete aus, um sie abzusenden: Ware und Einstand verlassen die Bücher zusammen.",
  "help.readyPackages":
    "Geschlossene Pakete, die auf ihren Zusteller warten, mit ihrem Ziel. Exportieren Sie sie als Datei für den Zusteller; seine Nummern kommen über Einlesen zurück.",
  "help.stockCard":
    "Was von einem Artikel da war, was kam, was ging und was dann da war. Nach Tagen der Bewegungen nennt sie Mengen, nach Tagen der Bücher auch Werte.",
  "help.stockAging":
    "Wie alt der Bestand ist, in Menge und Wert, nach Spannen von Tagen. Es gilt: was zuerst kam, geht zuerst. Eine Zeile führt zu den Tagen, an denen es kam.",
  "help.agedStock":
    "Was von der Ware eines Tages noch da ist, mit Alter und dem Beleg, mit dem sie kam.",
  "help.adjustmentRates":
    "Wie oft und um wie viel die Bücher dem Regal folgten, nach Artikel, Platz, Grund oder Benutzer. Netto ist Gefundenes abzüglich Fehlendem; absolut ist beides zusammen.",
  "help.adjustedLines":
    "Jede gebuchte Differenz mit dem Tag, an dem das Regal abwich, ihrem Grund und wer sie verlangte.",
  "help.countAccuracy":
    "Wie viele der gezählten Zeilen wie erwartet waren, auf gebuchten Zähllisten, nach Klasse, Platz oder Zählendem.",
  "help.turnover":
    "Wie oft der Bestand im Jahr umschlägt, für wie viele Tage er reicht und was liegen bleibt. Ein Artikel führt zu seiner Lagerkarte, eine Kategorie zu ihren Artikeln.",
  "help.openPurchaseLines":
    "Was von Bestellungen noch kommt, das Nächste zuerst, und was dazu zugesagt wurde. Verschoben heißt: von der ersten Zusage zur letzten.",
  "help.purchaseCycle":
    "Wie lange die Beschaffung von Stufe zu Stufe dauert: bestellt, gesendet, bestätigt, erster Eingang, vollständig, berechnet, bezahlt. Eine Zeile führt zu ihren Bestellungen.",
  "help.cycleOrders":
    "Jede Bestellung mit dem Tag, an dem sie jede Stufe erreichte, und den Tagen seit der Stufe davor.",
  "help.supplierPerformance":
    "Wie gut Lieferanten liefern: pünktlich, vollständig, wie schnell, zum vereinbarten Preis und wie gut. Zeilen zählen nach dem Tag, an dem sie zuerst fällig waren; eine Zeile führt zu ihnen.",
  "help.deliveredLines":
    "Jede Bestellzeile mit den Tagen, an denen sie fällig war und kam, und ob sie pünktlich und vollständig war. Leer heißt: noch nicht zu sagen.",
  "help.fillRate":
    "Wie viel von dem, was Kunden bestellen, am selben Tag das Lager verlässt: am Tag des Auftrags versandte Stück, von den bestellten und an dem Tag nicht stornierten.",
  "help.filledLines":
    "Jede Auftragszeile mit dem, was am Tag des Auftrags und seither versandt und storniert wurde.",
  "help.orderAges":
    "Worauf Kunden noch warten, nach Kanal und Tagen seit dem Auftrag. Reserviertes wartet auf den Versand; der Rest ist Rückstand.",
  "help.openDemands":
    "Jeder Artikel, auf den ein Auftrag noch wartet, mit Alter, zugesagtem Tag und Rückstand.",
  "help.returnTimes":
    "Wie lange zurückgekommene Ware auf die Entscheidung und das Geld wartet, nach Grund und Ergebnis. Tage zählen ab der Ankunft der Ware.",
  "help.returnedGoods":
    "Zurückgekommene Ware mit den Tagen, an denen sie kam, entschieden und erstattet wurde; jede Entscheidung ist eine Zeile.",
  "help.taxReport":
    "Die Steuer eines Monats nach Konto und Schlüssel: Nettobeträge und Steuer, der Einkäufe wie der Verkäufe. Es ist der Monat, in dem der Tag liegt.",
  "help.openings":
    "Wann die Bücher aus den Dateien einer Firma eröffnet wurden, und was daraus entstand. Höchstens eine Eröffnung gilt; sie kann zurückgenommen werden, bis etwas anderes gebucht ist.",
  "help.openedDocuments":
    "Die Bestellungen, Aufträge und Rechnungen, die eine Eröffnung aus den Dateien angelegt hat, jede mit ihrer eigenen Nummer.",
};

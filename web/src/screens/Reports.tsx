// All reports, each with what it tells.
import { Box, SimpleGrid, Text, Title } from "@mantine/core";
import { AREAS, isOpen } from "../areas";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { helpWord, type ListTitle, useWords } from "../words";

const INDEX = "/reports/overview";

export default function Reports() {
  const say = useWords();
  const may = useMay();
  const area = AREAS.find(({ word }) => word === "area.reports");
  const pages = (area?.pages ?? []).filter((page) => page.to !== INDEX && isOpen(page, may));
  return (
    <Box data-loaded="true">
      <Title order={1} mb="sm">
        {say("page.reports")}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
        {pages.map((page) => (
          <Way key={page.to} to={page.to} className="sheet tile" style={{ padding: 12 }}>
            <Text fw={600} mb={4}>
              {say(page.word)}
            </Text>
            <Text size="sm" c="dimmed">
              {say(helpWord(page.word as ListTitle))}
            </Text>
          </Way>
        ))}
      </SimpleGrid>
    </Box>
  );
}

/** Several views of one thing; arrows move between them. */
import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import "../styles/tabs.css";

export interface View {
  key: string;
  name: ReactNode;
  content: ReactNode;
}

interface Shown {
  label: string;
  views: readonly View[];
  /** Which one is open, when the address says it. */
  open?: string;
  change?: (key: string) => void;
}

export function Views({ label, views, open, change }: Shown) {
  return (
    <Tabs className="views" selectedKey={open} onSelectionChange={(key) => change?.(String(key))}>
      <TabList aria-label={label} className="view-names">
        {views.map(({ key, name }) => (
          <Tab key={key} id={key} className="view-name">
            {name}
          </Tab>
        ))}
      </TabList>
      {views.map(({ key, content }) => (
        <TabPanel key={key} id={key} className="view">
          {content}
        </TabPanel>
      ))}
    </Tabs>
  );
}

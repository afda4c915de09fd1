/** Acts that are wanted now and then, behind one button. */
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import "../styles/menu.css";

export interface Act {
  key: string;
  name: string;
  perform: () => void;
}

interface Shown {
  name: string;
  /** What the button is called when its name alone does not tell whose acts they are. */
  label?: string;
  acts: readonly Act[];
}

export function ActsMenu({ name, label, acts }: Shown) {
  return (
    <MenuTrigger>
      <Button className="button menu-button" aria-label={label}>
        {name}
        <svg viewBox="0 0 10 6" width="10" height="6" aria-hidden="true" className="icon">
          <path d="M1 1l4 4 4-4" />
        </svg>
      </Button>
      <Popover className="menu-popover" placement="bottom end">
        <Menu
          className="menu"
          onAction={(key) => acts.find((act) => act.key === key)?.perform()}
          aria-label={label ?? name}
        >
          {acts.map((act) => (
            <MenuItem key={act.key} id={act.key} className="menu-item">
              {act.name}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** A plot: its message, the drawing, and the same figures as a table for whoever reads rather than sees. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Scrolled } from "../ui/scrolled";
import "./plots.css";

export interface Figures {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

interface Shown {
  /** What the plot says, not what it is. */
  title: string;
  /** How it is to be read. */
  note?: ReactNode;
  figures: Figures;
  /** The drawing; hidden from whoever has it read out, since the table says the same. */
  children: ReactNode;
}

export function Figure({ title, note, figures, children }: Shown) {
  const { t } = useTranslation();
  return (
    <figure className="plot">
      <figcaption>{title}</figcaption>
      <div className="plot-drawing" role="img" aria-label={title}>
        {children}
      </div>
      {note && <p className="hint">{note}</p>}
      <details>
        <summary>{t("asTable")}</summary>
        <FigureTable figures={figures} name={title} />
      </details>
    </figure>
  );
}

export function FigureTable({ figures, name }: { figures: Figures; name: string }) {
  return (
    <Scrolled name={name}>
      <table className="figures">
        <thead>
          <tr>
            {figures.head.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are redrawn as a whole
            <tr key={place}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

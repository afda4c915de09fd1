/** Files with their sizes and SHA-256 sums. Documents come first: they are what people look for. */
import { useTranslation } from "react-i18next";
import { megabytes } from "../../language/format";
import { whole } from "../../plots/numbers";
import type { ReleaseFile } from "./shapes";

const FIRST = [
  "README.ru.pdf",
  "README.pdf",
  "README.ru.md",
  "README.md",
  "LICENSE",
  "ATTRIBUTION.md",
  "CHANGELOG.md",
  "metadata.csv",
  "dictionary.csv",
];

export function FileTable({ files }: { files: readonly ReleaseFile[] }) {
  const { t } = useTranslation("datasets");
  const place = ({ path }: ReleaseFile) => {
    const found = FIRST.indexOf(path);
    return found < 0 ? FIRST.length : found;
  };
  const sorted = [...files].sort((a, b) => place(a) - place(b));
  return (
    <table className="files">
      <thead>
        <tr>
          <th scope="col">{t("releases.file")}</th>
          <th scope="col">{t("registry.size")}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((file) => (
          <tr key={file.path}>
            <th scope="row">
              {file.url ? (
                <a href={file.url} download>
                  {file.path}
                </a>
              ) : (
                file.path
              )}
              <br />
              <code className="sum">{file.sha256}</code>
            </th>
            <td className="size">{sized(file.bytes, t("releases.bytes"))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SMALL = 100 * 1024;

function sized(bytes: number, unit: string): string {
  return bytes < SMALL ? `${whole(bytes)}\u00a0${unit}` : megabytes(bytes);
}

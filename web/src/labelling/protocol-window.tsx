/** The protocol beside the image that is being read. */
import { useQuery } from "@tanstack/react-query";
import { labelOf } from "../language";
import { Window } from "../ui/dialog";
import { ProtocolText } from "./protocol-text";
import { protocolQuery } from "./queries";

export function ProtocolWindow({ close }: { close: () => void }) {
  const protocol = useQuery(protocolQuery).data;
  if (!protocol) return null;
  return (
    <Window title={labelOf(protocol.title)} close={close} size="wide">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: read with the keyboard, it is longer than the window */}
      <div tabIndex={0} role="document">
        <ProtocolText protocol={protocol} />
      </div>
    </Window>
  );
}

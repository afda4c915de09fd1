/**
 * react-aria puts a <style> into the page, which the policy forbids, unless it finds its own there.
 * An element of that id from no namespace is no style to the browser; base.css says what it would.
 */
const place = document.createElementNS(null, "style");
place.id = "react-aria-pressable-style";
document.head.append(place);

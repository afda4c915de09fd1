/** What the pool asks of a password; each part is shown as it comes to be met. */
export const PASSWORD_PARTS = {
  length: /^.{12,256}$/s,
  lower: /[a-z]/,
  upper: /[A-Z]/,
  digit: /[0-9]/,
  sign: /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/,
} as const;

export type PasswordPart = keyof typeof PASSWORD_PARTS;

export function missingParts(password: string): PasswordPart[] {
  return (Object.keys(PASSWORD_PARTS) as PasswordPart[]).filter(
    (part) => !PASSWORD_PARTS[part].test(password),
  );
}

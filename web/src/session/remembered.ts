/** The login that a person asked this phone to remember: never a password. */
const KEPT = "rodinka.login";

export function rememberedLogin(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/** False where the browser forbids it. */
export function rememberLogin(login: string): boolean {
  try {
    localStorage.setItem(KEPT, login);
    return true;
  } catch {
    return false;
  }
}

export function forgetLogin(): void {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // Then nothing was kept either.
  }
}

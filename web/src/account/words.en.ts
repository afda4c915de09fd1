import type { ru } from "./words.ru";

export const en: typeof ru = {
  role: "Role",
  clinic: "Clinic",
  both: "Password and second factor",
  password: {
    title: "Password",
    current: "Current password",
    currentEmpty: "Enter your current password.",
    new: "New password",
    weak: "The password lacks what is marked with an empty circle below.",
    same: "This is the current password. Choose another.",
    parts: {
      length: "at least 12 characters",
      lower: "a small letter from a to z",
      upper: "a capital letter from A to Z",
      digit: "a digit",
      sign: "a sign, for example a hyphen or a full stop",
    },
    partMet: "done",
    change: "Change the password",
    done: "The password is changed. The old one no longer works.",
    elsewhere: {
      staff:
        "Where you are signed in already, the session goes on until its time is over. If somebody else may know the old password, ask an administrator to end all sessions.",
      patient:
        "Where you are signed in already, the session goes on. If somebody else may know the old password, ask your doctor for a new code: it ends all sessions.",
    },
  },
  factor: {
    title: "Second factor",
    on: "Set up: after the password, a code from the app on your phone is needed to sign in.",
    off: "Not set up: the password is enough to sign in. With a second factor a code from an app on your phone is needed too, and whoever learns the password does not get in without the phone.",
    none: "This system has no second factor: the password is enough to sign in.",
    begin: "Set up",
    again: "Set up anew",
    key: "App for codes",
    keyWhy:
      "Install an app for one-time codes on your phone (Google Authenticator, Aegis or another one), scan the picture with it and enter the six digits that it shows.",
    keyInstead:
      "Scan the picture with the app on the new phone and enter the six digits that it shows. See it through: until the new app is confirmed, the old one may no longer protect your sign-in.",
    confirm: "Confirm",
    done: "Done. At the next sign-in you need a code from the app after the password.",
    lost: {
      staff:
        "A new phone? Set it up anew while you are signed in. If the phone is lost and you cannot sign in, add the key you kept to an app on another one, or ask an administrator.",
      patient:
        "A new phone? Set it up anew while you are signed in. If the phone is lost and you cannot sign in, ask your doctor for a new code: it takes the second factor off.",
    },
  },
  refused: {
    wrong:
      "The current password is not right. Check the keyboard layout and Caps Lock and try again.",
    weak: "This password will not do. Take a longer one, without spaces at its ends.",
    other: "It did not work ({{type}}). Try again or ask an administrator.",
  },
};

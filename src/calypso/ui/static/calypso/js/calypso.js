/** What JavaScript adds to pages that work without it: every page loads this. No inline handler, no dependency but htmx. */
import "./theme.js";
import "./password.js";
import "./files.js";
import "./pictures.js";
import "./priority.js";
import "./tabs.js";
import "./drafts.js";
import "./limits.js";
import "./autocomplete.js";
import "./requests.js";
import "./submitting.js";
import "./sure.js";
import "./composer.js";
import "./keyboard.js";
import "./arrival.js";
import "./copying.js";
import "./folding.js";
import "./ago.js";
import "./passkeys.js";
import "./live.js";
import "./impersonation.js";
import "./guard.js";
import "./focus.js";
import { start } from "./behaviours.js";

document.documentElement.classList.add("js");
start();

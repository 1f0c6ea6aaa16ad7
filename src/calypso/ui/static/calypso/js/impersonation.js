/** « Voir comme » is read only: what would write is shown and takes no gesture, rather than being refused once filled in. */
import { behave } from "./behaviours.js";

behave("body:has(> .impersonation) main form[method='post']", (form) => {
  form.inert = true;
});

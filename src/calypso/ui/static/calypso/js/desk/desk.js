/** What JavaScript adds to the desk; `calypso.js` attaches it. */
import "./selection.js";
import "./board.js";
import "./ordering.js";
import "./replies.js";
import "./mentions.js";
import "./presence.js";
import "./keyboard.js";
import "./palette.js";
import "./then.js";

// The only script of short messages; without it they lead back to "/".

import { leadBack } from "./way-back.js";

leadBack();

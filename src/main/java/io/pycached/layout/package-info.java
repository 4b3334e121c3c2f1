/** Where bytecode lives. */
@NullMarked
package io.pycached.layout;

import org.jspecify.annotations.NullMarked;

/**
 * What goes on inside a model, for people: one forward pass laid open. Apart from the replica's
 * training and generating; nothing else in this module knows it.
 */
package org.kindling.model.insight;

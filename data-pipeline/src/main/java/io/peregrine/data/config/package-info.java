/**
 * Settings: YAML files bound strictly to records.
 *
 * <p>A key is a record component in kebab case ({@code words-min} is {@code wordsMin}); {@link
 * io.peregrine.data.config.Key} gives it unit and meaning. {@link io.peregrine.data.config.YamlConfig} reads a file: it
 * lays the file over the record's {@code DEFAULTS}, and reports an unknown key, a missing one or a bad value with file,
 * line, key, value and rule. Read {@link io.peregrine.data.config.YamlTree} next, which remembers the lines, then {@link
 * io.peregrine.data.config.RecordOverlay}. {@link io.peregrine.data.config.RunFile} is the file of a whole run, from
 * which each stage reads its own section. {@link io.peregrine.data.config.ConfigDigest} is the identity of settings; {@link
 * io.peregrine.data.config.YamlWriter} writes those that a program has learned. {@link
 * io.peregrine.data.config.ShippedFiles} finds what comes with Peregrine.
 */
package io.peregrine.data.config;

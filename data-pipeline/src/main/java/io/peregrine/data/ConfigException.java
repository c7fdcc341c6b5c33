package io.peregrine.data;

/** A setting that breaks its rule. Thrown by the records that hold settings; the reader of the file adds file and line. */
public final class ConfigException extends UserException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param key the key as the file spells it, in kebab case, without the keys around it
     * @param value the value found
     * @param rule what must hold, for example {@code "must be > 0 tokens"}
     */
    public ConfigException(String key, Object value, String rule) {
        super("%s = %s: %s".formatted(key, value, rule));
        this.key = key;
    }

    /** A fault that is not one key's, with its whole message. */
    public ConfigException(String message) {
        super(message);
        this.key = "";
    }

    /** The key at fault, or an empty string. */
    public String key() {
        return key;
    }
}

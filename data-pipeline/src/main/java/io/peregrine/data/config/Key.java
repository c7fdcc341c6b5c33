package io.peregrine.data.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a person has to know of a setting; the tables in {@code conf/} are made from it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /** The unit of the value, for example {@code tokens}; empty for names and switches. */
    String unit() default "";

    /** One sentence: what it does, which values make sense, which paper it comes from. */
    String doc();
}

package io.peregrine.data.decontaminate;

import java.util.List;

/**
 * One item of an evaluation set.
 *
 * @param set name of the set
 * @param id name of the item in the set
 * @param texts its texts that must not be learned, in the order of the settings
 */
public record EvaluationItem(String set, String id, List<String> texts) {
    public EvaluationItem {
        texts = List.copyOf(texts);
    }
}

package io.peregrine.trainer.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** A request that is refused, as the API says it: a status, and a message that names place, value and rule. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final transient Optional<String> parameter;

    private ApiException(int status, String code, Optional<String> parameter, String message) {
        super(message);
        this.status = status;
        this.code = code;
        this.parameter = parameter;
    }

    /** The request itself is wrong. */
    static ApiException invalid(String parameter, String message) {
        return new ApiException(400, "invalid_value", Optional.of(parameter), message);
    }

    /** Any other refusal. */
    static ApiException of(int status, String code, String message) {
        return new ApiException(status, code, Optional.empty(), message);
    }

    int status() {
        return status;
    }

    /** The body of the answer. */
    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", getMessage())
                .put("type", status >= 500 ? "server_error" : "invalid_request_error")
                .put("param", parameter.orElse(null))
                .put("code", code);
        return body;
    }
}

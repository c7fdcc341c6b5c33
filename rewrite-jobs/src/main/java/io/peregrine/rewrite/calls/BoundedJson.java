package io.peregrine.rewrite.calls;

import java.io.IOException;
import java.util.Locale;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/** Reads a body whole, inside the time of the call, up to a bound; a good status must bring JSON. */
final class BoundedJson implements Interceptor {
    private final int bytesMax;

    BoundedJson(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        try (response) {
            ResponseBody body = response.body();
            MediaType type = body == null ? null : body.contentType();
            if (response.isSuccessful() && !isJson(type)) {
                throw new WrongContentType("content type " + type + " where application/json is due");
            }
            if (body == null) {
                return response;
            }
            Buffer whole = new Buffer();
            while (whole.size() <= bytesMax && body.source().read(whole, bytesMax + 1L - whole.size()) >= 0) {
                // Stops at the bound, never later.
                if (whole.size() > bytesMax) {
                    throw new TooLarge("a body of more than " + bytesMax + " bytes");
                }
            }
            return response.newBuilder()
                    .body(ResponseBody.create(whole, type, whole.size()))
                    .build();
        }
    }

    private static boolean isJson(MediaType type) {
        return type != null && type.subtype().toLowerCase(Locale.ROOT).endsWith("json");
    }

    /** Another body than JSON. */
    static final class WrongContentType extends IOException {
        private static final long serialVersionUID = 1L;

        WrongContentType(String message) {
            super(message);
        }
    }

    /** More than the bound. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(String message) {
            super(message);
        }
    }
}

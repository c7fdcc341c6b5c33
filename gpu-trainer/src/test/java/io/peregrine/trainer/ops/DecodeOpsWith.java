package io.peregrine.trainer.ops;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Operations as they are, but for one answer of those that decode. */
public final class DecodeOpsWith {
    private DecodeOpsWith() {}

    /** As if some steps were worth asking for at once, though they may be no faster. */
    public static Ops stepsAtOnce(Ops real) {
        return with("stepsAtOnce", DecodeOps.MOST_STEPS, real);
    }

    /** Part by part: as if no step could be done as one thing. */
    static Ops parts(Ops real) {
        return with("steps", false, real);
    }

    private static Ops with(String name, Object result, Ops real) {
        DecodeOps decode = instead(DecodeOps.class, real.decode(), name, result);
        return instead(Ops.class, real, "decode", decode);
    }

    /** One method gives something else. */
    private static <T> T instead(Class<T> kind, T real, String name, Object result) {
        InvocationHandler handler =
                (proxy, method, arguments) -> method.getName().equals(name) ? result : invoke(method, real, arguments);
        return kind.cast(Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, handler));
    }

    private static Object invoke(Method method, Object on, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}

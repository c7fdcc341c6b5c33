package io.peregrine.trainer.generate;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.Ops;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Operations of which some steps are worth asking for at once, though they are no faster. */
final class AskingAhead {
    private AskingAhead() {}

    static Ops of(Ops real) {
        DecodeOps decode = instead(DecodeOps.class, real.decode(), "stepsAtOnce", DecodeOps.MOST_STEPS);
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

// A shared library of NVIDIA's that is opened at run time and stays open.
#pragma once

#include <dlfcn.h>
#include <link.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace peregrine {

class Library {
public:
    // Opens `path` if not empty, else the first of `names` that the loader finds by itself or in the usual folders. Throws
    // std::runtime_error naming what was tried and the system property that gives the path.
    Library(const std::string& what, const std::string& path, const std::vector<std::string>& names,
            const std::string& property)
        : what(what), property(property) {
        std::vector<std::string> candidates;
        if (!path.empty()) {
            candidates.push_back(path);
        } else {
            for (const char* folder : {"", "/usr/local/cuda/lib64/", "/usr/local/cuda/targets/x86_64-linux/lib/",
                                       "/usr/lib/x86_64-linux-gnu/"}) {
                for (const std::string& name : names) candidates.push_back(folder + name);
            }
        }
        std::string tried;
        for (const std::string& candidate : candidates) {
            if ((library = dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL))) return;
            tried += "\n  " + std::string(dlerror());
        }
        std::string all;
        for (const std::string& name : names) all += (all.empty() ? "" : " or ") + name;
        throw std::runtime_error(what + " (" + all + ") cannot be opened; install it, or name its file with -D" + property +
                                 "=PATH:" + tried);
    }

    template <typename F>
    void find(const char* name, F& function) const {
        function = reinterpret_cast<F>(dlsym(library, name));
        if (!function) refuse(std::string("has no function ") + name);
    }

    // Throws std::runtime_error: which file it is, why it is of no use, and what to do.
    [[noreturn]] void refuse(const std::string& why) const {
        throw std::runtime_error(what + " (" + file() + ") " + why + "; install another one, or name its file with -D" +
                                 property + "=PATH");
    }

    // The file that the loader took.
    std::string file() const {
        link_map* map = nullptr;
        return dlinfo(library, RTLD_DI_LINKMAP, &map) ? "unknown file" : map->l_name;
    }

private:
    std::string what, property;
    void* library = nullptr;
};

}  // namespace peregrine

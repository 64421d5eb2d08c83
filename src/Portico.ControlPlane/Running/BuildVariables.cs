using System.Text.RegularExpressions;
using Portico.Core.Services;

namespace Portico.ControlPlane.Running;

/// <summary>
/// Decides which variables affect a build. A change of other variables, such as a database's address, is deployed within
/// seconds, without a build.
/// </summary>
/// <remarks>
/// Builds get all variables, and it is impossible to know which of them a build uses. These count: the ones that the build
/// command names, the ones that build tools read, and, by prefix, the ones that frameworks embed in pages. For a static
/// site, all count, because its build is everything that is served. A user can always request a deploy manually, which
/// always builds.
/// </remarks>
internal static partial class BuildVariables
{
    public static bool Matter(string name, ServiceSettings settings)
    {
        return settings.Runtime == "static" || Known.IsMatch(name)
            || settings.BuildCommand?.Contains(name, StringComparison.Ordinal) == true;
    }

    [GeneratedRegex(
        @"\A(NEXT_PUBLIC_|NUXT_|VITE_|REACT_APP_|VUE_APP_|GATSBY_|PUBLIC_|EXPO_PUBLIC_|ASTRO_|NG_APP_|npm_|npm_config_|NPM_|YARN_|PNPM_|COREPACK_|PIP_|POETRY_|UV_|BUNDLE_|GEM_|CARGO_|RUSTFLAGS|RUSTC|RUSTUP_|GO[A-Z]*\z|CGO_|MIX_|HEX_|NUGET_|DOTNET_|MSBUILD|MAKEFLAGS|CC\z|CXX\z|CFLAGS|LDFLAGS|NODE_ENV\z|NODE_OPTIONS\z|RAILS_ENV\z|CI\z|PATH\z|.*_VERSION\z|.*BUILD)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Known { get; }
}

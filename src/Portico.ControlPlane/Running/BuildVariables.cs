using System.Text.RegularExpressions;
using Portico.Core.Services;

namespace Portico.ControlPlane.Running;

/// <summary>
/// Which variables a build is made of, and not only what runs: a change of the others, a database's address, deploys in
/// seconds, without a build.
/// </summary>
/// <remarks>
/// All of them reach the build; nobody can know what it makes of them. Those that count are the ones that the build command
/// names, the ones that tools read while building, and what frameworks put into pages: by their prefix. A static site is
/// nothing but what was built, so there all count. Who knows better asks for a deploy by hand, which always builds.
/// </remarks>
public static partial class BuildVariables
{
    public static bool Matter(string name, ServiceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Runtime == "static" || Known.IsMatch(name)
            || settings.BuildCommand?.Contains(name, StringComparison.Ordinal) == true;
    }

    [GeneratedRegex(
        @"\A(NEXT_PUBLIC_|NUXT_|VITE_|REACT_APP_|VUE_APP_|GATSBY_|PUBLIC_|EXPO_PUBLIC_|ASTRO_|NG_APP_|npm_|npm_config_|NPM_|YARN_|PNPM_|COREPACK_|PIP_|POETRY_|UV_|BUNDLE_|GEM_|CARGO_|RUSTFLAGS|RUSTC|RUSTUP_|GO[A-Z]*\z|CGO_|MIX_|HEX_|NUGET_|DOTNET_|MSBUILD|MAKEFLAGS|CC\z|CXX\z|CFLAGS|LDFLAGS|NODE_ENV\z|NODE_OPTIONS\z|RAILS_ENV\z|CI\z|PATH\z|.*_VERSION\z|.*BUILD)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Known { get; }
}

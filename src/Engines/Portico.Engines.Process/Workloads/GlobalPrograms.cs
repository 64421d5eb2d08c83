using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// The directory, beside a build's artifact, in which the build can install programs and packages globally (<c>npm install -g</c>,
/// <c>corepack enable</c>, <c>pip install</c> outside of a virtual environment, …). The build's instances use it too.
/// </summary>
/// <param name="Home">The home of the owner's builds, or that of its instances. What is downloaded stays there.</param>
internal sealed record GlobalPrograms(string Directory, string Home)
{
    private static readonly string[] GlobalNpmConfigurations = ["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"];

    private string Bin => System.IO.Path.Combine(Directory, "bin");

    private string Gems => System.IO.Path.Combine(Directory, "gems");

    private string Pnpm => System.IO.Path.Combine(Directory, "pnpm");

    private string Yarn => System.IO.Path.Combine(Directory, "yarn");

    private string DotNet => System.IO.Path.Combine(Directory, "dotnet");

    /// <summary>Its directories on <c>PATH</c>. They come first, so that programs of the build take precedence over the machine's.</summary>
    public IReadOnlyList<string> Path =>
        [Bin, System.IO.Path.Combine(Gems, "bin"), Pnpm, System.IO.Path.Combine(Pnpm, "bin"), System.IO.Path.Combine(DotNet, ".dotnet/tools")];

    /// <summary>The directories for downloads that a package manager looks for here and that should outlive the build, and what they are called outside.</summary>
    public IEnumerable<(string Link, string Name)> Downloads =>
        [(System.IO.Path.Combine(Pnpm, "store"), "pnpm-store"), (System.IO.Path.Combine(Yarn, "cache"), "yarn-cache")];

    /// <summary>The directories that have to exist.</summary>
    public IEnumerable<string> Directories => [Directory, Bin, Pnpm, Yarn];

    /// <summary>Returns the variables that make each package manager use it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables(WorkloadView view) => new GlobalPrograms(view.Seen(Directory), view.Seen(Home)).Variables();

    private IEnumerable<KeyValuePair<string, string>> Variables()
    {
        yield return new("npm_config_prefix", Directory);
        // npm looks for this directory below the prefix.
        if (GlobalNpmConfigurations.FirstOrDefault(File.Exists) is { } configuration)
            yield return new("npm_config_globalconfig", configuration);
        yield return new("PNPM_HOME", Pnpm);
        yield return new("YARN_GLOBAL_FOLDER", Yarn);
        // The home of the dotnet command, below which it installs tools. NuGet follows it, and keeps its downloads.
        yield return new("DOTNET_CLI_HOME", DotNet);
        yield return new("NUGET_PACKAGES", System.IO.Path.Combine(Home, ".nuget/packages"));
        yield return new("NUGET_HTTP_CACHE_PATH", System.IO.Path.Combine(Home, ".local/share/NuGet/http-cache"));
        yield return new("BUN_INSTALL_BIN", Bin);
        yield return new("BUN_INSTALL_GLOBAL_DIR", System.IO.Path.Combine(Directory, "bun"));
        // pip installs here if it cannot write to the system's packages. The second variable is required by the distribution's pip.
        yield return new("PYTHONUSERBASE", Directory);
        yield return new("PIP_BREAK_SYSTEM_PACKAGES", "1");
        yield return new("GEM_HOME", Gems);
        yield return new("CARGO_INSTALL_ROOT", Directory);
        yield return new("GOBIN", Bin);
    }

    /// <summary>Returns the path of a link to a program of the machine, which is then found without the other programs of its directory.</summary>
    public string LinkTo(string program) => System.IO.Path.Combine(Bin, System.IO.Path.GetFileName(program));
}

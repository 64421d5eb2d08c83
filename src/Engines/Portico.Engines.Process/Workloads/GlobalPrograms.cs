namespace Portico.Engines.Process.Workloads;

/// <summary>
/// The directory, beside a build's artifact, in which the build can install programs and packages globally (<c>npm install -g</c>,
/// <c>corepack enable</c>, <c>pip install</c> outside of a virtual environment, …). The build's instances use it too.
/// </summary>
internal sealed record GlobalPrograms(string Directory)
{
    private static readonly string[] GlobalNpmConfigurations = ["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"];

    private string Bin => System.IO.Path.Combine(Directory, "bin");

    private string Gems => System.IO.Path.Combine(Directory, "gems");

    /// <summary>Its directories on <c>PATH</c>. They come first, so that programs of the build take precedence over the machine's.</summary>
    public IReadOnlyList<string> Path => [Bin, System.IO.Path.Combine(Gems, "bin")];

    /// <summary>Returns the variables that make each package manager use it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables
    {
        get
        {
            yield return new("npm_config_prefix", Directory);
            // npm looks for this directory below the prefix.
            if (GlobalNpmConfigurations.FirstOrDefault(File.Exists) is { } configuration)
                yield return new("npm_config_globalconfig", configuration);
            yield return new("BUN_INSTALL_BIN", Bin);
            yield return new("BUN_INSTALL_GLOBAL_DIR", System.IO.Path.Combine(Directory, "bun"));
            // pip installs here if it cannot write to the system's packages. The second variable is required by the distribution's pip.
            yield return new("PYTHONUSERBASE", Directory);
            yield return new("PIP_BREAK_SYSTEM_PACKAGES", "1");
            yield return new("GEM_HOME", Gems);
            yield return new("CARGO_INSTALL_ROOT", Directory);
            yield return new("GOBIN", Bin);
        }
    }

    /// <summary>Returns the path of a link to a program of the machine, which is then found without the other programs of its directory.</summary>
    public string LinkTo(string program) => System.IO.Path.Combine(Bin, System.IO.Path.GetFileName(program));
}

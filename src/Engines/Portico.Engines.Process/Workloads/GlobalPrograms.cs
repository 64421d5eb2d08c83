namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Where a build installs what package managers call global (<c>npm install -g</c>, <c>corepack enable</c>, <c>pip install</c>
/// outside of a virtual environment, …): a directory of the build beside its artifact. The build's instances find it too.
/// </summary>
internal sealed record GlobalPrograms(string Directory)
{
    private static readonly string[] GlobalNpmConfigurations = ["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"];

    private string Bin => System.IO.Path.Combine(Directory, "bin");

    private string Gems => System.IO.Path.Combine(Directory, "gems");

    /// <summary>Before all others: what a build installs replaces what the machine has.</summary>
    public IReadOnlyList<string> Path => [Bin, System.IO.Path.Combine(Gems, "bin")];

    /// <summary>Tells each package manager.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables
    {
        get
        {
            yield return new("npm_config_prefix", Directory);
            // npm looks for it below the prefix.
            if (GlobalNpmConfigurations.FirstOrDefault(File.Exists) is { } configuration)
                yield return new("npm_config_globalconfig", configuration);
            yield return new("BUN_INSTALL_BIN", Bin);
            yield return new("BUN_INSTALL_GLOBAL_DIR", System.IO.Path.Combine(Directory, "bun"));
            // pip installs here by itself where it may not write to the system's packages. The distribution asks for the second.
            yield return new("PYTHONUSERBASE", Directory);
            yield return new("PIP_BREAK_SYSTEM_PACKAGES", "1");
            yield return new("GEM_HOME", Gems);
            yield return new("CARGO_INSTALL_ROOT", Directory);
            yield return new("GOBIN", Bin);
        }
    }

    /// <summary>Where a program of the machine is found too, without all others of its directory.</summary>
    public string LinkTo(string program) => System.IO.Path.Combine(Bin, System.IO.Path.GetFileName(program));
}

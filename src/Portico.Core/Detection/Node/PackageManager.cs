using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>How a project installs its packages and runs its scripts.</summary>
/// <param name="Install">The command that installs exactly what the lock file says, if there is one.</param>
/// <param name="Reason">As in <see cref="Guess"/>.</param>
internal sealed record PackageManager(string Name, string Install, string Reason)
{
    private static readonly (string LockFile, string Name, string Install)[] LockFiles =
    [
        ("pnpm-lock.yaml", "pnpm", "pnpm install --frozen-lockfile"),
        ("yarn.lock", "yarn", "yarn"),
        ("bun.lock", "bun", "bun install"),
        ("bun.lockb", "bun", "bun install"),
        ("package-lock.json", "npm", "npm ci"),
        ("npm-shrinkwrap.json", "npm", "npm ci"),
    ];

    /// <returns>Null if the directory has no lock file and its <c>package.json</c> names no package manager.</returns>
    public static PackageManager? In(ProjectDirectory directory, PackageFile package)
    {
        foreach (var (file, name, install) in LockFiles)
            if (directory.Has(file))
                return new PackageManager(name, install, $"there is a {file}");
        return package.Manager?.Split('@')[0] is "pnpm" or "yarn" or "bun" or "npm"
            ? new PackageManager(package.Manager.Split('@')[0], package.Manager.StartsWith("yarn", StringComparison.Ordinal) ? "yarn" : $"{package.Manager.Split('@')[0]} install", "package.json has packageManager")
            : null;
    }

    public static PackageManager Default { get; } = new("npm", "npm install", "there is no lock file");

    /// <summary>Returns the command that runs a script of <c>package.json</c>.</summary>
    public string Run(string script) => (Name, script) switch
    {
        ("npm", "start") => "npm start",
        ("npm" or "bun", _) => $"{Name} run {script}",
        _ => $"{Name} {script}",
    };

    /// <summary>Returns the command that builds a package of a workspace, from the workspace's directory.</summary>
    /// <param name="package">The name of the package.</param>
    /// <param name="path">Its directory, relative to the workspace.</param>
    public string BuildMember(string package, string path) => Name switch
    {
        // The dots include the packages that it needs.
        "pnpm" => $"pnpm --filter {package}... run build",
        "yarn" => $"yarn workspace {package} build",
        "bun" => $"bun run --filter {package} build",
        _ => $"npm run build --workspace={path}",
    };

    /// <summary>Returns the command that runs a script of a package of a workspace, from the workspace's directory.</summary>
    public string RunMember(string script, string package, string path) => (Name, script) switch
    {
        ("pnpm", _) => $"pnpm --filter {package} {script}",
        ("yarn", _) => $"yarn workspace {package} {script}",
        ("bun", _) => $"bun run --filter {package} {script}",
        (_, "start") => $"npm start --workspace={path}",
        _ => $"npm run {script} --workspace={path}",
    };
}

using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Gives a Python build a virtual environment, as on Render, because a workload cannot change the system's packages. An
/// environment from the last build is moved to its new path, which is ten times faster than creating one.
/// </summary>
/// <param name="view">What the build sees. The paths in the environment are those of the build.</param>
internal sealed class VirtualEnvironment(WorkloadView view, Account account, WorkloadTools tools)
{
    public const string DirectoryName = ".venv";

    /// <summary>Replaces the environment's absolute path in its scripts and its configuration.</summary>
    private const string Move = """
        import os, sys
        old, new = (os.fsencode(path) for path in sys.argv[1:])
        scripts = os.path.join(new, b"bin")
        for path in [os.path.join(scripts, name) for name in os.listdir(scripts)] + [os.path.join(new, b"pyvenv.cfg")]:
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                before = file.read()
            after = before.replace(old, new)
            if after != before:
                with open(path, "wb") as file:
                    file.write(after)
        """;

    /// <param name="cached">The path at which the environment was in the last build, if it was restored from there.</param>
    /// <param name="python">The interpreter of the environment.</param>
    /// <exception cref="RunFailure">Python cannot create virtual environments on this machine.</exception>
    public async Task PrepareAsync(BuildRequest build, string directory, string? cached, string python, CancellationToken cancellationToken)
    {
        var environment = Path.Combine(directory, DirectoryName);
        if (build.Runtime.Name != Toolchain.Python || (Path.Exists(environment) && cached is null))
            return;
        var seen = view.Seen(environment);
        if (cached == seen)
            return;
        if (cached is not null)
        {
            var moved = await tools.RunAsync(account, view, "/", ["python3", "-c", Move, cached, seen], cancellationToken);
            if (moved.Succeeded)
                return;
            await DeleteTree.RunAsync(environment, tools, cancellationToken);
        }
        var made = await tools.RunAsync(account, view, "/", [view.Seen(python), "-m", "venv", seen], cancellationToken);
        if (!made.Succeeded)
            throw new RunFailure($"Python cannot create a virtual environment. Try: apt-get install python3-venv. {made.Output.Trim()} {made.Error}");
    }
}

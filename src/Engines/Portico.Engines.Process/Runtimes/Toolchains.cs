using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Chooses the runtime version of a build. The first lines of the build's log say which and why.</summary>
internal sealed class Toolchains(RuntimeCatalog catalog, ToolchainStore store, StandalonePythons pythons, Account account)
{
    private readonly NodeToolchain _node = new(store, catalog, account);
    private readonly PackageManagers _packageManagers = new(store, catalog);
    private readonly PythonToolchain _python = new(catalog, pythons, account);
    private readonly MachineToolchains _others = new(catalog);

    /// <param name="files">The files of the checkout that say what it needs.</param>
    /// <param name="tell">Writes a line to the build's log.</param>
    /// <exception cref="RunFailure">The requested version is not installed and cannot be fetched.</exception>
    /// <exception cref="MissingRuntimeException">No version of the runtime is installed.</exception>
    public async Task<UsedToolchain> PrepareAsync(
        BuildRequest build, ProjectFiles files, Action<string> tell, CancellationToken cancellationToken)
    {
        switch (build.Runtime.Name)
        {
            case Toolchain.Node:
            case Toolchain.Static when !string.IsNullOrWhiteSpace(build.Command) && files.Has("package.json") && catalog.Has(Toolchain.Node):
                var node = await _node.PrepareAsync(build, files, tell, cancellationToken);
                return await _packageManagers.AddAsync(node, build, files, tell, cancellationToken);
            case Toolchain.Python:
                return await _python.PrepareAsync(build, files, tell, cancellationToken);
            case "dotnet":
                await _others.CheckDotnetAsync(files, tell, cancellationToken);
                return UsedToolchain.Default;
            default:
                await _others.CheckAsync(build, files, tell, cancellationToken);
                return UsedToolchain.Default;
        }
    }
}

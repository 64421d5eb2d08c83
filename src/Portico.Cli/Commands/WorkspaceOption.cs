using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

/// <summary>The option that chooses a workspace.</summary>
internal static class WorkspaceOption
{
    public static Option<string?> Create() =>
        new("--workspace") { Description = "The name or id of the workspace. Default: the first one.", HelpName = "NAME" };

    /// <exception cref="CliException">There is no such workspace.</exception>
    public static async Task<Owner> FindAsync(PlatformClient client, string? workspace, CancellationToken cancellationToken)
    {
        var owners = await client.ListWorkspacesAsync(cancellationToken);
        if (workspace is null && owners.Count > 0)
            return owners[0];
        return owners.FirstOrDefault(owner => owner.Id == workspace || owner.Name == workspace) ?? throw new CliException(
            $"There is no workspace '{workspace}'.", $"There are: {string.Join(", ", owners.Select(owner => owner.Name))}.");
    }
}

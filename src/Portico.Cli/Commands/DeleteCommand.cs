using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class DeleteCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service or data store.");
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask for confirmation." };
        var command = new Command("delete", "Delete a service or data store with all its data.") { name, yes };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), parsed.GetValue(yes), cancellationToken));
        return (command, ["portico delete api", "portico delete api --yes"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, bool yes, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.FindOnly(name);
        if (!yes && !await IsConfirmedAsync(host, resource, cancellationToken))
            return ExitCode.Failure;
        await server.Client.DeleteAsync(resource, cancellationToken);
        host.Out.WriteLine($"Deleted {resource.Name}.");
        return ExitCode.Ok;
    }

    private static async Task<bool> IsConfirmedAsync(CliHost host, ResourceStatus resource, CancellationToken cancellationToken)
    {
        Confirmation.RequireTerminal(host, "Deleting", "Add --yes to delete without asking.");
        var content = ResourceWords.IsDataStore(resource.Type) ? "all its data"
            : resource.HasDisk ? "its deploys, its variables and everything on its disk" : "its deploys and variables";
        host.Error.WriteLine($"This deletes {resource.Name}, {ResourceWords.Of(resource.Type)}, with {content}. It cannot be undone.");
        return await Confirmation.AskAsync(host, $"Type '{resource.Name}' to continue: ", resource.Name, "Nothing was changed.", cancellationToken);
    }
}

using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Remotes;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class LoginCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var url = new Argument<string?>("URL") { Description = "The address of a platform on another machine.", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "A name for the platform. Default: its host name.", HelpName = "NAME" };
        var command = new Command("login", "Use a platform on another machine, sign in a browser, or approve the login of a client.") { url, name, Approve(host), Link(host) };
        command.SetAction((parsed, cancellationToken) => new RemoteLogin(host).RunAsync(parsed.GetValue(url), parsed.GetValue(name), cancellationToken));
        return (command, ["portico login https://portico.example.com", "portico login approve BCDF-GHJK", "portico login link"]);
    }

    private static Command Link(CliHost host)
    {
        var command = new Command("link", "Print a link that signs a browser in as the owner of this machine. It works once, within 15 minutes.");
        command.SetAction(async (_, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            host.Out.WriteLine((await server.Client.CreateLoginLinkAsync(cancellationToken)).Url);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Approve(CliHost host)
    {
        var code = new Argument<string>("CODE") { Description = "The code that the client shows." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask for confirmation." };
        var command = new Command("approve", "Show who asks, and approve the login. The client then acts as the owner of this machine.") { code, yes };
        command.SetAction((parsed, cancellationToken) => ApproveAsync(host, parsed.GetRequiredValue(code), parsed.GetValue(yes), cancellationToken));
        return command;
    }

    private static async Task<int> ApproveAsync(CliHost host, string code, bool yes, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var waiting = await server.Client.FindLoginAsync(code, cancellationToken);
        host.Error.WriteLine($"'{waiting.ClientId}' at {waiting.Address ?? "this machine"} asked {Age(host.Time.GetUtcNow() - waiting.Since)} ago.");
        if (!yes && !await IsConfirmedAsync(host, cancellationToken))
            return ExitCode.Failure;
        var approved = await server.Client.ApproveLoginAsync(new ApproveLogin(code), cancellationToken);
        host.Out.WriteLine($"The client is logged in as {approved.User}. `portico keys list` shows the login; `portico keys revoke ID` revokes it.");
        return ExitCode.Ok;
    }

    private static async Task<bool> IsConfirmedAsync(CliHost host, CancellationToken cancellationToken)
    {
        Confirmation.RequireTerminal(host, "Approving a login", "Check who asks, and add --yes to approve.");
        return await Confirmation.AskAsync(host, "Approve it? Type 'yes' to continue: ", "yes", "The login was not approved.", cancellationToken);
    }

    private static string Age(TimeSpan age) => age < TimeSpan.FromMinutes(1) ? "less than a minute" : $"{(int)age.TotalMinutes} min";
}

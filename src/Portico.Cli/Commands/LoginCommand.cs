using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class LoginCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("login", "Approve the login of clients such as Render's CLI.") { Approve(host) };
        return (command, ["portico login approve BCDF-GHJK"]);
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
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
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
        if (!host.CanAsk)
            throw new CliException("Approving a login needs confirmation, but there is no terminal to ask on.", "Check who asks, and add --yes to approve.", ExitCode.Usage);
        host.Error.Write("Approve it? Type 'yes' to continue: ");
        if ((await CliHost.AskAsync(host.ReadLine, cancellationToken))?.Trim() == "yes")
            return true;
        host.Error.WriteLine("The login was not approved.");
        return false;
    }

    private static string Age(TimeSpan age) => age < TimeSpan.FromMinutes(1) ? "less than a minute" : $"{(int)age.TotalMinutes} min";
}

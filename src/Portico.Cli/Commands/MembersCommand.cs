using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class MembersCommand
{
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["admin"] = "ADMIN",
        ["developer"] = "DEVELOPER",
        ["contributor"] = "WORKSPACE_CONTRIBUTOR",
        ["billing"] = "WORKSPACE_BILLING",
        ["viewer"] = "WORKSPACE_VIEWER",
    };

    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("members", "Invite, list and remove workspace members.") { Invite(host), List(host), Remove(host) };
        return (command, ["portico members invite ada@example.org --role viewer", "portico members list", "portico members remove ada@example.org"]);
    }

    private static Command Invite(CliHost host)
    {
        var email = new Argument<string>("EMAIL") { Description = "The e-mail address of the person. No mail is sent." };
        var role = new Option<string>("--role") { Description = "The role, which decides what the member may do.", DefaultValueFactory = _ => "developer" };
        role.AcceptOnlyFromAmong([.. Roles.Keys]);
        var workspace = WorkspaceOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the invitation as JSON." };
        var command = new Command("invite", "Invite a person to a workspace. This prints a link that works once, within 7 days.") { email, role, workspace, json };
        command.SetAction((parsed, cancellationToken) => InviteAsync(
            host, parsed.GetValue(workspace), new CreateInvitation(parsed.GetRequiredValue(email), Roles[parsed.GetValue(role)!]),
            parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command List(CliHost host)
    {
        var workspace = WorkspaceOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the members as a JSON array." };
        var command = new Command("list", "List the members of a workspace.") { workspace, json };
        command.SetAction((parsed, cancellationToken) => ListAsync(host, parsed.GetValue(workspace), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Remove(CliHost host)
    {
        var member = new Argument<string>("MEMBER") { Description = "The e-mail address or id of the member." };
        var workspace = WorkspaceOption.Create();
        var command = new Command("remove", "Remove a member from a workspace. Their API keys stop working there.") { member, workspace };
        command.SetAction((parsed, cancellationToken) => RemoveAsync(
            host, parsed.GetValue(workspace), parsed.GetRequiredValue(member), cancellationToken));
        return command;
    }

    private static async Task<int> InviteAsync(CliHost host, string? workspace, CreateInvitation request, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var owner = await WorkspaceOption.FindAsync(server.Client, workspace, cancellationToken);
        var created = await server.Client.InviteAsync(owner.Id, request, cancellationToken);
        host.Out.WriteLine(asJson ? JsonSerializer.Serialize(created, CliJson.Readable.CreatedInvitation) : created.Url);
        if (!asJson)
            host.Error.WriteLine($"Send this link only to {created.Invitation.Email}: the first person who opens it can join '{owner.Name}'. It is not shown again.");
        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(CliHost host, string? workspace, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var members = await server.Client.ListMembersAsync((await WorkspaceOption.FindAsync(server.Client, workspace, cancellationToken)).Id, cancellationToken);
        if (asJson)
        {
            host.Out.WriteLine(JsonSerializer.Serialize([.. members], CliJson.Readable.TeamMemberArray));
            return ExitCode.Ok;
        }
        var table = new TextTable("EMAIL", "NAME", "ROLE", "ID");
        foreach (var member in members)
            table.Add(new(member.Email, host.OutStyle.Bold), member.Name, NameOf(member.Role), member.UserId);
        table.Write(host.Out, host.OutStyle);
        return ExitCode.Ok;
    }

    private static async Task<int> RemoveAsync(CliHost host, string? workspace, string member, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var owner = await WorkspaceOption.FindAsync(server.Client, workspace, cancellationToken);
        var members = await server.Client.ListMembersAsync(owner.Id, cancellationToken);
        var found = members.FirstOrDefault(item => item.UserId == member || item.Email.Equals(member, StringComparison.OrdinalIgnoreCase))
            ?? throw new CliException($"'{member}' is not a member of '{owner.Name}'.", "`portico members list` lists the members.");
        await server.Client.RemoveMemberAsync(owner.Id, found.UserId, cancellationToken);
        host.Out.WriteLine($"Removed {found.Email} from '{owner.Name}'.");
        return ExitCode.Ok;
    }

    private static string NameOf(string role) => Roles.FirstOrDefault(item => item.Value == role).Key ?? role;
}

using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>SSH keys and metrics.</summary>
public sealed class UserCommandTests : ServerCommandTest
{
    private const string PublicKey = "ssh-ed25519 AAAA ada@laptop";


    private protected override void Arrange() =>
        Server.Status = _ => Given.Status(Given.Service("api"));

    [Fact]
    public async Task The_usual_key_is_added_under_its_comment()
    {
        Folder.Write(".ssh/id_ed25519.pub", PublicKey + "\n");
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("ssh-keys", "add"));
        Assert.Equal(new AddSshKey("ada@laptop", PublicKey), Assert.Single(Server.AddedSshKeys));
        Assert.Equal("Added ada@laptop (SHA256:abc). Remove it with `portico ssh-keys remove ssh-1`.\n", Terminal.Out.ToString());
    }

    [Fact]
    public async Task A_key_comes_from_a_file_or_a_pipe()
    {
        Folder.Write("work/work.pub", PublicKey);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("ssh-keys", "add", "work.pub", "--name", "work"));
        Terminal.Pipe(PublicKey);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("ssh-keys", "add", "-", "--json"));
        Assert.Equal([new("work", PublicKey), new("ada@laptop", PublicKey)], Server.AddedSshKeys);
    }

    [Fact]
    public async Task A_private_key_is_not_sent()
    {
        Folder.Write("work/id", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA");
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("ssh-keys", "add", "id"));
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("ssh-keys", "add", "none"));
        Assert.Empty(Server.AddedSshKeys);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task Keys_are_listed_and_removed()
    {
        await Terminal.RunAsync("ssh-keys", "list");
        Assert.Equal("ID     NAME    FINGERPRINT  CREATED\nssh-1  laptop  SHA256:abc   1970-01-01 00:00:00\n", Terminal.Out.ToString());
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("ssh-keys", "remove", "ssh-1"));
        Assert.Contains("DELETE /portico/v1/ssh-keys/ssh-1", Server.Requests);
    }

    [Fact]
    public async Task Metrics_are_a_summary_of_what_there_is()
    {
        await Terminal.RunAsync("metrics", "api", "--since", "2h");
        Assert.Equal(
            """
            METRIC         INSTANCE       LATEST     AVERAGE    MAXIMUM
            cpu            srv-api-abcde  0.200 CPU  0.200 CPU  0.300 CPU
            memory         srv-api-abcde  100.0 MB   100.0 MB   100.0 MB
            http-requests  -              120/min    90/min     120/min

            """, Terminal.Out.ToString());
        using var terminal = new Terminal(Folder);
        await terminal.RunAsync("metrics", "api", "--json");
        Assert.Equal(0.2, JsonElement.Parse(terminal.Out.ToString())[0].GetProperty("latest").GetDouble());
        Assert.Equal(ExitCode.Usage, await terminal.RunAsync("metrics", "api", "--since", "soon"));
    }
}

using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

public sealed class EnvCommandTests : ServerCommandTest
{
    private protected override void Arrange()
    {
        Server.Variables["GREETING"] = "hello there";
        Server.Variables["TOKEN"] = "s3cret";
    }

    [Fact]
    public async Task Values_are_hidden_unless_they_are_to_be_shown()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "list", "api"));
        Assert.Equal("KEY       VALUE\nGREETING  (hidden)\nTOKEN     (hidden)\n", Terminal.Out.ToString());
        using var shown = new Terminal(Folder);
        await shown.RunAsync("env", "list", "api", "--show");
        Assert.Equal("KEY       VALUE\nGREETING  hello there\nTOKEN     s3cret\n", shown.Out.ToString());
    }

    [Fact]
    public async Task Variables_are_json()
    {
        await Terminal.RunAsync("env", "list", "api", "--json");
        using var hidden = JsonDocument.Parse(Terminal.Out.ToString());
        Assert.Equal("GREETING", hidden.RootElement[0].GetProperty("key").GetString());
        Assert.Equal(JsonValueKind.Null, hidden.RootElement[0].GetProperty("value").ValueKind);
        using var terminal = new Terminal(Folder);
        await terminal.RunAsync("env", "list", "api", "--json", "--show");
        using var shown = JsonDocument.Parse(terminal.Out.ToString());
        Assert.Equal("s3cret", shown.RootElement[1].GetProperty("value").GetString());
    }

    [Fact]
    public async Task All_pages_are_listed()
    {
        for (var number = 0; number < 250; number++)
            Server.Variables[$"V{number:000}"] = "x";
        await Terminal.RunAsync("env", "list", "api", "--json");
        using var json = JsonDocument.Parse(Terminal.Out.ToString());
        Assert.Equal(252, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Set_changes_what_is_named_and_tells_when_it_takes_effect()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "set", "api", "GREETING=a=b", "NEW="));
        Assert.Equal(("a=b", "", "s3cret"), (Server.Variables["GREETING"], Server.Variables["NEW"], Server.Variables["TOKEN"]));
        Assert.Equal("Set GREETING, NEW of api. The change is deployed in a few seconds. Watch it with `portico deploys api`.\n", Terminal.Out.ToString());
    }

    [Theory]
    [InlineData("no", "not_suspended", "Its auto-deploy is off: the change takes effect with `portico deploy api`.")]
    [InlineData("yes", "suspended", "It is suspended: the change takes effect with `portico resume api`.")]
    public async Task A_change_that_waits_says_for_what(string autoDeploy, string suspended, string text)
    {
        (Server.AutoDeploy, Server.Suspended) = (autoDeploy, suspended);
        await Terminal.RunAsync("env", "set", "api", "A=1");
        Assert.Contains(text, Terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_asked_for_and_not_shown()
    {
        using var terminal = new Terminal(Folder, interactive: true);
        terminal.Answer("typed secret");
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("env", "set", "api", "TOKEN"));
        Assert.Equal("typed secret", Server.Variables["TOKEN"]);
        Assert.DoesNotContain("typed secret", terminal.Out.ToString() + terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_can_come_from_a_pipe()
    {
        Terminal.Answer("piped");
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "set", "api", "TOKEN"));
        Assert.Equal("piped", Server.Variables["TOKEN"]);
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("env", "set", "api", "TOKEN"));
        Assert.Contains("There is no value for TOKEN.", Terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_variable_is_refused_without_repeating_it()
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("env", "set", "api", "A=1", "not a key"));
        Assert.DoesNotContain("not a key", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("A", Server.Variables.Keys);
    }

    [Fact]
    public async Task Unset_removes_all_or_nothing()
    {
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("env", "unset", "api", "TOKEN", "GREETNG"));
        Assert.Equal("error: api has no variable GREETNG of its own. Nothing was changed.\nhint: Did you mean `GREETING`?\n", Terminal.Error.ToString());
        Assert.Equal(2, Server.Variables.Count);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "unset", "api", "TOKEN"));
        Assert.Equal("GREETING", Assert.Single(Server.Variables).Key);
    }

    [Fact]
    public async Task Pull_writes_a_private_file_that_import_reads()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "pull", "api"));
        Assert.Equal("GREETING='hello there'\nTOKEN=s3cret\n", File.ReadAllText(Folder["work/.env"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder["work/.env"]));
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("env", "pull", "api"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "pull", "api", "--force"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "pull", "api", "-"));
        Assert.Equal("GREETING='hello there'\nTOKEN=s3cret\n", Terminal.Out.ToString());

        Folder.Write("work/.env", "export TOKEN='new one'\nMORE=1\n");
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "import", "api"));
        Assert.Equal(("new one", "1", "hello there"), (Server.Variables["TOKEN"], Server.Variables["MORE"], Server.Variables["GREETING"]));
        Terminal.Pipe("MORE=2");
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("env", "import", "api", "-"));
        Assert.Equal("2", Server.Variables["MORE"]);
    }

    [Theory]
    [InlineData("A=1\nbroken", "work.env, line 2: has no '='.")]
    [InlineData("# nothing", "work.env contains no variables. Nothing was changed.")]
    public async Task A_file_with_a_mistake_changes_nothing(string text, string message)
    {
        Folder.Write("work/work.env", text);
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("env", "import", "api", "work.env"));
        Assert.Contains(message, Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Server.Variables.Count);
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_named()
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("env", "import", "api", "none.env"));
        Assert.Contains("There is no file none.env.", Terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_has_no_variables()
    {
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("env", "list", "shop-db"));
        Assert.Equal("error: shop-db is a Postgres database, not a service.\nhint: `portico status` shows the type of each resource.\n", Terminal.Error.ToString());
    }

    [Fact]
    public async Task Names_of_services_are_completed()
    {
        await Terminal.RunAsync("[suggest:17]", "portico env list ");
        Assert.Contains("api\n", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("shop-db", Terminal.Out.ToString(), StringComparison.Ordinal);
    }
}

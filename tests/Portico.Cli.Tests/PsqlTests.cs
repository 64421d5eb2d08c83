using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>psql takes the terminal over, so the real command is run, with a psql of the test on its PATH.</summary>
public sealed class PsqlTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync(_folder);
        _server.Status = _ => Given.Status(Given.Service("api"), Given.Database("shop-db"));
        _server.Connection = new ConnectionDetails
        {
            Host = "127.0.0.1",
            Port = 5433,
            Database = "shop",
            User = "shop_user",
            Password = "hunter2",
            InternalConnectionString = "",
            ExternalConnectionString = "",
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_password_travels_by_the_environment_and_the_exit_code_comes_back()
    {
        GivenPsql("echo \"$PGHOST $PGPORT $PGDATABASE $PGUSER $PGPASSWORD\"; for argument in \"$@\"; do echo \"<$argument>\"; done; exit 7");
        var (code, output, _) = await RunAsync("psql", "shop-db", "--", "-c", "select 1");
        Assert.Equal("127.0.0.1 5433 shop shop_user hunter2\n<-c>\n<select 1>\n", output);
        Assert.Equal(7, code);
    }

    [Theory]
    [InlineData("<-c>\n<select 1>\n", "-c", "select 1")]
    [InlineData("<--csv>\n<-c>\n<select 1>\n<-v>\n<a=1>\n", "--csv", "-c", "select 1", "-v", "a=1")]
    [InlineData("<--help>\n", "--", "--help")]
    [InlineData("", "--")]
    public async Task Options_of_psql_follow_the_name(string expected, params string[] arguments)
    {
        GivenPsql("for argument in \"$@\"; do echo \"<$argument>\"; done");
        var (code, output, error) = await RunAsync(["psql", "shop-db", .. arguments]);
        Assert.Equal((0, expected, ""), (code, output, error));
    }

    [Fact]
    public async Task An_option_in_place_of_the_name_is_refused()
    {
        var (code, _, error) = await RunAsync("psql", "-c", "select 1");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Unknown argument '-c'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_psql_the_package_is_named()
    {
        var (code, _, error) = await RunAsync("psql", "shop-db");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("apt-get install postgresql-client", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_database_is_opened()
    {
        GivenPsql("exit 0");
        var (code, _, error) = await RunAsync("psql", "api");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("api is a web service, not a Postgres database.", error, StringComparison.Ordinal);
    }

    private void GivenPsql(string script) => _folder.WriteScript("bin/psql", "#!/bin/sh\n" + script + "\n");

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => RealCommand.RunAsync(
        _folder, new() { ["PATH"] = _folder["bin"] }, arguments);
}

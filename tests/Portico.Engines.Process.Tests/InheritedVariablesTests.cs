using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>Of the operator's environment, workloads get what the machine's network needs, and no credentials.</summary>
public sealed class InheritedVariablesTests : ProcessEngineTest
{
    private const string Secret = "hush5ecret";

    private static readonly Dictionary<string, string> Operator = new()
    {
        ["HTTPS_PROXY"] = $"http://me:{Secret}@127.0.0.1:9",
        ["NO_PROXY"] = "localhost,127.0.0.1",
        ["PIP_INDEX_URL"] = $"https://token:{Secret}@pypi.example.com/simple",
        ["PIP_EXTRA_INDEX_URL"] = $"https://a.example.com/simple https://b:{Secret}@b.example.com/simple",
        ["PIP_TRUSTED_HOST"] = "pypi.example.com",
        ["NPM_CONFIG_REGISTRY"] = "https://npm.example.com/",
        ["npm_config__authToken"] = Secret,
        ["NPM_CONFIG_FETCH_RETRIES"] = "7",
        ["NPM_CONFIG_PREFIX"] = "/root/.npm-global",
        ["PIP_CACHE_DIR"] = "/root/.cache/pip",
        ["GOPROXY"] = $"https://me:{Secret}@go.example.com,direct",
        ["UV_INDEX_URL"] = $"https://uv.example.com/simple?access_token={Secret}",
        ["AWS_SECRET_ACCESS_KEY"] = Secret,
        ["OTHER"] = "not passed",
    };

    private bool _allowed;

    private protected override ProcessEngineOptions Options => Fixture.Options with { Environment = Operator, BuildCredentials = _allowed };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Credentials_reach_builds_only_where_the_operator_says_so_and_instances_never(bool allowed)
    {
        _allowed = allowed;
        await RestartEngineAsync();
        Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf("dep-b", "env; env > env.txt")));
        var build = await RunLogAsync("dep-b");
        var revision = Shell("dep-1", "env; exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await RunJobAsync("job-1", revision, "env");
        string[] running = [.. await ReadAsync(new LogQuery { Owner = Owner }), .. await RunLogAsync("job-1")];

        foreach (var log in (IReadOnlyList<string>[])[build, running])
        {
            foreach (var name in (string[])["NO_PROXY", "PIP_TRUSTED_HOST", "NPM_CONFIG_REGISTRY", "NPM_CONFIG_FETCH_RETRIES"])
                Assert.Contains($"{name}={Operator[name]}", log);
            Assert.DoesNotContain(log, line => line.StartsWith("OTHER=", StringComparison.Ordinal) || line.Contains("/root/", StringComparison.Ordinal) || line.StartsWith("AWS_", StringComparison.Ordinal));
        }
        Assert.DoesNotContain(running, line => line.Contains(Secret, StringComparison.Ordinal));
        Assert.Contains("PIP_INDEX_URL=https://pypi.example.com/simple", running);
        Assert.Contains("PIP_EXTRA_INDEX_URL=https://a.example.com/simple https://b.example.com/simple", running);
        Assert.Contains("GOPROXY=https://go.example.com,direct", running);
        Assert.Equal(allowed, build.Any(line => line.Contains(Secret, StringComparison.Ordinal)));
        Assert.Equal(!allowed, build.Any(line => line.Contains("PORTICO_BUILD_CREDENTIALS", StringComparison.Ordinal) && line.Contains("HTTPS_PROXY", StringComparison.Ordinal)));
    }
}

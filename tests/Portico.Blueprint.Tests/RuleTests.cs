using CsCheck;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Rules;

namespace Portico.Blueprint.Tests;

public sealed class RuleTests
{
    [Theory]
    [InlineData("web", "web")]
    [InlineData("My Web_App", "my-web-app")]
    [InlineData("--a--b--", "a-b")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("größe", "gr-e")]
    [InlineData("日本", "")]
    public void A_slug_is_what_a_host_name_can_hold(string name, string slug) => Assert.Equal(slug, Slug.Of(name));

    [Fact]
    public void A_slug_of_anything_is_empty_or_a_label_of_a_host_name() => Gen.String.Sample(text =>
    {
        var slug = Slug.Of(text);
        Assert.Matches("^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$", slug);
        Assert.True(slug.Length <= Slug.Longest);
        Assert.Equal(slug, Slug.Of(slug));
    });

    [Theory]
    [InlineData("0 0 30 2 *", true)]
    [InlineData("0 0 30,31 FEB *", true)]
    [InlineData("0 0 31 2-12/10,4,6,9 *", false)]
    [InlineData("0 0 31 2,4,6,9,11 *", true)]
    [InlineData("0 0 29 2 *", false)]
    [InlineData("0 0 */31 2 *", false)]
    [InlineData("0 0 30 */2 *", false)]
    [InlineData("*/5 * * * 1", false)]
    public void A_day_that_never_comes_is_told(string schedule, bool never)
    {
        var parsed = BlueprintParser.Parse($"services:\n- {{type: cron, name: c, runtime: node, buildCommand: b, startCommand: s, schedule: \"{schedule}\"}}\n");
        Assert.Equal(never ? ["never-runs"] : [], parsed.Diagnostics.Select(item => item.Code));
    }

    [Theory]
    [InlineData("Content-Length", "it describes how the response is sent")]
    [InlineData("content-encoding", "it describes how the response is sent")]
    [InlineData("Keep-Alive", "it belongs to the connection")]
    [InlineData("x-request-id", "the platform sets it")]
    [InlineData("Content-Type", null)]
    [InlineData("Cache-Control", null)]
    [InlineData("X-Frame-Options", null)]
    public void A_header_that_a_rule_cannot_set_is_refused(string name, string? problem)
    {
        var parsed = BlueprintParser.Parse($$"""
            services:
            - type: web
              name: www
              runtime: static
              staticPublishPath: .
              headers:
              - { path: /*, name: {{name}}, value: x }

            """);
        var errors = parsed.Diagnostics.Where(item => item.Severity == Severity.Error).ToList();
        Assert.Equal(problem is null ? 0 : 1, errors.Count);
        Assert.All(errors, error => Assert.Contains(problem!, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("repo: https://github.com/a/b")]
    [InlineData("repo: http://127.0.0.1:3000/a/b.git")]
    [InlineData("repo: ssh://git@example.com:22/a/b")]
    [InlineData("repo: git@github.com:a/b.git")]
    [InlineData("repo: file:///srv/repositories/a.git")]
    [InlineData("branch: feature/some-thing_1.0")]
    [InlineData("rootDir: ./a/../b")]
    [InlineData("rootDir: .")]
    [InlineData("region: my-own-engine")]
    [InlineData("healthCheckPath: /healthz?deep=1")]
    public void Good_values_pass(string field) => Assert.Empty(Parse(field));

    [Theory]
    [InlineData("repo: 'ext::sh -c id'")]
    [InlineData("repo: fd::17")]
    [InlineData("repo: --upload-pack=id")]
    [InlineData("repo: -u")]
    [InlineData("repo: /srv/repositories/a.git")]
    [InlineData("repo: ../a")]
    [InlineData("repo: javascript:alert(1)")]
    [InlineData("repo: 'https://github.com/a b'")]
    [InlineData("repo: \"https://github.com/a\\nb\"")]
    [InlineData("repo: git@-oProxyCommand=id:a")]
    [InlineData("repo: git@host:-a")]
    [InlineData("branch: --force")]
    [InlineData("branch: 'a b'")]
    [InlineData("branch: a.lock")]
    [InlineData("branch: refs/../x")]
    [InlineData("branch: '@{-1}'")]
    [InlineData("rootDir: ..")]
    [InlineData("rootDir: a/../../b")]
    [InlineData("rootDir: /etc")]
    [InlineData("dockerfilePath: ../Dockerfile")]
    [InlineData("dockerContext: ./../..")]
    [InlineData("healthCheckPath: 'http://169.254.169.254/'")]
    [InlineData("healthCheckPath: \"/a\\r\\nHost: b\"")]
    public void Bad_values_are_one_error_each(string field) => Assert.Equal(Severity.Error, Assert.Single(Parse(field)).Severity);

    [Theory]
    [InlineData("PORTICO_WORKLOAD", "1", "reserved")]
    [InlineData("__portico_count", "1", "reserved")]
    [InlineData("a b", "1", "invalid")]
    [InlineData("LARGE", null, "128000")]
    public void Variable_that_no_program_could_get_is_an_error(string key, string? value, string message)
    {
        var error = Assert.Single(Parse($"envVars: [{{key: '{key}', value: '{value ?? new string('x', 130_000)}'}}]"));
        Assert.Equal(Severity.Error, error.Severity);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spring.profiles.active")]
    [InlineData("x-y")]
    [InlineData("UID")]
    [InlineData("PORTICO_WORKLOADS")]
    public void Unusual_names_of_variables_are_good(string key) => Assert.Empty(Parse($"envVars: [{{key: {key}, value: a}}]"));

    private static IReadOnlyList<Diagnostic> Parse(string field) =>
        BlueprintParser.Parse($"services:\n  - type: web\n    name: web\n    runtime: docker\n    {field}\n").Diagnostics;
}

using CsCheck;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.Blueprint.References;

namespace Portico.Blueprint.Tests;

public sealed class PlanTests
{
    [Theory]
    [InlineData("STRIPE_SECRET_KEY", "sk_live_1234")]
    [InlineData("db_password", "hunter2hunter2")]
    [InlineData("ACCESS_TOKEN", "abcdefgh")]
    [InlineData("BROKER", "amqp://user:hunter2hunter2@broker")]
    [InlineData("STORE", "redis://:with/slash@store:6379")]
    [InlineData("PEM", "-----BEGIN PRIVATE KEY-----abc")]
    public void A_value_that_looks_secret_is_not_shown(string key, string value)
    {
        var before = With(new EnvVar(key, new LiteralValue(value + "-old")));
        var after = With(new EnvVar(key, new LiteralValue(value)) { PreviewValue = value + "-preview" });

        foreach (var plan in (BlueprintPlan[])[Planner.Plan(after, new BlueprintFile()), Planner.Plan(after, before)])
        {
            Assert.DoesNotContain(value, PlanText.Render(plan), StringComparison.Ordinal);
            Assert.Contains($"envVars.{key}: (secret)", PlanText.Render(plan), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("MAX_TOKENS", "4096")]
    [InlineData("maxTokens", "4096")]
    [InlineData("OPENAI_MAX_COMPLETION_TOKENS", "800")]
    [InlineData("TOKEN_TTL_SECONDS", "3600")]
    [InlineData("PASSWORD_MIN_LENGTH", "8")]
    [InlineData("AUTH_ENABLED", "true")]
    [InlineData("MAX_CONNECTIONS", "100")]
    [InlineData("AUTHOR", "me")]
    [InlineData("KEYBOARD_LAYOUT", "de")]
    public void A_setting_whose_name_only_resembles_a_secret_is_shown(string key, string value) => Assert.Contains(
        $"+ envVars.{key}: {value}\n",
        PlanText.Render(Planner.Plan(With(new EnvVar(key, new LiteralValue(value))), new BlueprintFile())), StringComparison.Ordinal);

    [Theory]
    [InlineData("DB_PASSWORD", "12345678")]
    [InlineData("API_TOKEN", "4096")]
    [InlineData("apiKey", "abcdefgh")]
    [InlineData("MAX_TOKENS", "abc")]
    [InlineData("GH", "ghp_0123456789abcdefghij")]
    [InlineData("DB", "Server=db;User=me;Password=hunter2")]
    [InlineData("HOOK", "https://example.com/x?token=abcdef")]
    public void A_secret_is_hidden_whatever_it_consists_of(string key, string value) => Assert.Contains(
        $"+ envVars.{key}: (secret)\n",
        PlanText.Render(Planner.Plan(With(new EnvVar(key, new LiteralValue(value))), new BlueprintFile())), StringComparison.Ordinal);

    [Fact]
    public void Secrets_outside_of_variables_are_hidden_too()
    {
        var file = Parse("""
            services:
              - {type: web, name: web, runtime: node, buildCommand: "curl https://me:hunter2@example.com", startCommand: b, repo: "https://me:hunter2@example.com/a"}
              - {type: web, name: site, runtime: static, staticPublishPath: ., headers: [{path: /*, name: Authorization, value: "Bearer hunter2"}]}
            """);

        Assert.DoesNotContain("hunter2", PlanText.Render(Planner.Plan(file, new BlueprintFile())), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_asked_for_or_generated_is_not_shown_when_it_is_replaced()
    {
        var before = With(new EnvVar("NAME", new PromptedValue("asked-and-answered")));
        var after = With(new EnvVar("NAME", new LiteralValue("plain")));

        var text = PlanText.Render(Planner.Plan(after, before));

        Assert.DoesNotContain("asked-and-answered", text, StringComparison.Ordinal);
        Assert.Contains("~ envVars.NAME: (secret) -> (secret)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_cannot_move_the_cursor_of_a_terminal()
    {
        var text = PlanText.Render(Planner.Plan(With(new EnvVar("A", new LiteralValue("\u001b[2J\u009b0m\rx"))), new BlueprintFile()));

        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void The_target_is_what_the_file_says_completed_by_what_it_leaves_alone()
    {
        var existing = Parse("""
            services:
              - {type: web, name: web, runtime: node, startCommand: a, plan: pro, numInstances: 3, buildFilter: {paths: [x]},
                 envVars: [{key: KEPT, value: 1}, {key: CHANGED, value: 1}, {key: MADE, value: generated-before}]}
            """);
        var desired = Parse("""
            services:
              - {type: web, name: web, runtime: node, startCommand: b,
                 envVars: [{key: CHANGED, value: 2}, {key: MADE, generateValue: true}, {key: NEW, sync: false}]}
            """);

        var target = Assert.Single(Planner.Plan(desired, existing).Services).Target;

        Assert.Equal(("b", "pro", 3), (target.StartCommand, target.Plan, target.NumInstances));
        Assert.Null(target.BuildFilter);
        Assert.Equal<EnvEntry>(
            [
                new EnvVar("KEPT", new LiteralValue("1")), new EnvVar("CHANGED", new LiteralValue("2")),
                new EnvVar("MADE", new LiteralValue("generated-before")), new EnvVar("NEW", new PromptedValue(null)),
            ],
            target.EnvVars!);
    }

    [Fact]
    public void A_build_filter_is_replaced_as_a_whole()
    {
        var existing = Parse("services: [{type: web, name: web, runtime: node, startCommand: a, buildFilter: {paths: [src], ignoredPaths: [docs]}}]");
        var desired = Parse("services: [{type: web, name: web, runtime: node, startCommand: a, buildFilter: {ignoredPaths: [notes]}}]");

        var filter = Assert.Single(Planner.Plan(desired, existing).Services).Target.BuildFilter!;

        Assert.True(filter.Paths is null or []);
        Assert.Equal(["notes"], filter.IgnoredPaths);
    }

    [Fact]
    public void Applying_a_plan_leaves_nothing_to_plan() => Gen.Select(ModelGen.File, ModelGen.File).Sample(
        (desired, existing) =>
        {
            var plan = Planner.Plan(desired, existing);
            var applied = new BlueprintFile
            {
                Projects = desired.Projects,
                Resources = new ResourceLists
                {
                    Services = Targets(plan.Services),
                    KeyValues = Targets(plan.KeyValues),
                    Databases = Targets(plan.Databases),
                    EnvGroups = Targets(plan.EnvGroups),
                },
            };
            var again = Planner.Plan(new BlueprintFile { Resources = desired.Resources }, applied);
            Assert.Equal(0, again.TotalActions);
        },
        iter: 300);

    [Fact]
    public void A_reference_may_lead_to_what_exists_outside_of_the_file()
    {
        var known = KnownResources.In(Parse("""
            services: [{type: web, name: api, runtime: docker, envVars: [{key: TOKEN, value: x}]}, {type: keyvalue, name: cache, ipAllowList: []}]
            databases: [{name: db}]
            envVarGroups: [{name: shared, envVars: []}]
            """));
        const string Text = """
            services:
              - type: web
                name: web
                runtime: docker
                envVars:
                  - {key: A, fromService: {type: web, name: api, envVarKey: TOKEN}}
                  - {key: B, fromService: {type: keyvalue, name: cache, property: connectionString}}
                  - {key: C, fromDatabase: {name: db, property: connectionString}}
                  - fromGroup: shared
            """;

        Assert.Empty(BlueprintParser.Parse(Text, known).Diagnostics);
        Assert.Equal(4, BlueprintParser.Parse(Text).Diagnostics.Count);
    }

    private static ValueList<T> Targets<T>(IEnumerable<ResourcePlan<T>> plans)
        where T : class => plans.Select(plan => plan.Target).ToValueList();

    private static BlueprintFile Parse(string text)
    {
        var result = BlueprintParser.Parse(text);
        Assert.False(result.HasErrors, string.Join('\n', result.Diagnostics));
        return result.File!;
    }

    private static BlueprintFile With(EnvVar variable) => new()
    {
        Resources = new ResourceLists { EnvGroups = [new EnvGroupSpec { Name = "group", EnvVars = [variable] }] },
    };
}

using CsCheck;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;

namespace Portico.Blueprint.Tests;

/// <summary>Makes valid models of every shape.</summary>
internal static class ModelGen
{
    /// <summary>Text that tempts a writer of YAML to get it wrong.</summary>
    public static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["ab \n\t:#-'\"\\{}[]&*!|>%@`,?~=<.0é\uD83D\uDE00\u0085\u2028\r"], 0, 30],
        Gen.OneOf(
            "", " ", "true", "yes", "NO", "null", "~", "1.10", "0x10", "007", "1e3", ".inf", "2001-01-01", "- a", "a: b", "a #b", "#", "a\n", "\na",
            "a\n\n", "  a\n b", "a\n  b\n", "\ta", "a\n\tb", "a \nb", "---", "...", "? a", "<<", "=", "!!str", "*a", "&a", "|", ">", "%a", "a:", ":a"))
        .Where(text => !text.Contains('\0') && Portable(text));

    private static readonly Gen<string> Name =
        Gen.Select(Gen.Char["abcxyz019"], Gen.String[Gen.Char["abcxyz019-"], 0, 12], (first, rest) => first + rest);

    private static readonly Gen<string> Key = Gen.Select(Gen.Char["ABC_"], Gen.String[Gen.Char["ABC_09"], 0, 8], (first, rest) => first + rest);

    private static readonly Gen<string> Path = Gen.OneOf(".", "./dist", "apps/web", "a b/c", "#a", "x: y", "true", "0");

    private static readonly Gen<int> Small = Gen.Int[1, 90];

    private static readonly Gen<ValueList<IpAllowEntry>> AllowList =
        Gen.Select(Gen.OneOf("10.0.0.0/8", "::/0", "192.0.2.1"), Maybe(AnyText.Where(text => text.Length > 0)), (source, text) => new IpAllowEntry(source, text))
            .Array[0, 3].Select(items => items.ToValueList());

    private static readonly Gen<EnvValue> Value = Gen.OneOf<EnvValue>(
        AnyText.Select(text => (EnvValue)new LiteralValue(text)),
        Gen.Const((EnvValue)new GeneratedValue()),
        Maybe(AnyText).Select(text => (EnvValue)new PromptedValue(text)));

    private static readonly Gen<ValueList<EnvEntry>> EnvVars =
        Gen.Select(Key, Value, Maybe(AnyText), (key, value, preview) => (EnvEntry)new EnvVar(key, value) { PreviewValue = preview })
            .Array[0, 5].Select(items => items.DistinctBy(item => ((EnvVar)item).Key).ToValueList());

    public static readonly Gen<ServiceSpec> Service =
        from name in Name
        from kind in Gen.Enum<ServiceKind>()
        from texts in AnyText.Where(text => !string.IsNullOrWhiteSpace(text)).Array[6]
        from path in Path
        from numbers in Small.Array[6]
        from flags in Gen.Bool.Array[12]
        from plan in Gen.OneOf([.. Plans.Service])
        from envVars in Maybe(EnvVars)
        from allowList in Maybe(AllowList)
        select Make(name, kind, texts, path, numbers, flags, plan, envVars, allowList);

    private static readonly Gen<DatabaseSpec> Database =
        from name in Name
        from plan in Maybe(Gen.OneOf([.. Plans.Database]))
        from size in Small
        from flags in Gen.Bool.Array[3]
        from version in Maybe(Gen.OneOf("10", "16", "18"))
        from allowList in Maybe(AllowList)
        from replicas in Maybe(Name.Array[0, 2])
        select new DatabaseSpec
        {
            Name = name,
            Plan = plan,
            DiskSizeGB = flags[0] ? size : null,
            StorageAutoscaling = flags[1] ? flags[2] : null,
            HighAvailability = flags[2] ? flags[1] : null,
            MajorVersion = version,
            IpAllowList = allowList,
            ReadReplicas = replicas?.Select(item => new ReadReplicaSpec(item)).ToValueList(),
        };

    private static readonly Gen<KeyValueSpec> KeyValue =
        from name in Name
        from plan in Maybe(Gen.OneOf([.. Plans.KeyValue]))
        from policy in Gen.Enum<MaxMemoryPolicy>()
        from allowList in AllowList
        select new KeyValueSpec { Name = "kv-" + name, Plan = plan, MaxMemoryPolicy = policy, IpAllowList = allowList };

    private static readonly Gen<ResourceLists> Lists =
        from services in Service.Array[0, 3]
        from stores in KeyValue.Array[0, 2]
        from databases in Maybe(Database.Array[0, 2])
        from groups in Maybe(Gen.Select(Name, EnvVars, (name, vars) => new EnvGroupSpec { Name = name, EnvVars = vars }).Array[0, 2])
        select new ResourceLists
        {
            Services = services.DistinctBy(item => Slug.Of(item.Name)).ToValueList(),
            KeyValues = stores.Length == 0 ? null : stores.DistinctBy(item => Slug.Of(item.Name)).ToValueList(),
            Databases = databases?.DistinctBy(item => item.Name).ToValueList(),
            EnvGroups = groups?.DistinctBy(item => item.Name).ToValueList(),
        };

    public static readonly Gen<BlueprintFile> File =
        from lists in Lists
        from expire in Small
        from isolated in Gen.Bool
        from inProject in Gen.Bool
        select inProject
            ? new BlueprintFile { Projects = [new ProjectSpec { Name = "p", Environments = [new EnvironmentSpec { Name = "e", Resources = lists, Isolated = isolated }] }] }
            : new BlueprintFile { Version = "1", Resources = lists, Previews = new RootPreviews { Generation = PreviewGeneration.Off, ExpireAfterDays = expire } };

    private static ServiceSpec Make(
        string name, ServiceKind kind, string[] texts, string path, int[] numbers, bool[] flags, string plan, ValueList<EnvEntry>? envVars, ValueList<IpAllowEntry>? allowList)
    {
        var isStatic = kind == ServiceKind.StaticSite;
        var isServer = !isStatic && kind != ServiceKind.CronJob;
        return new ServiceSpec
        {
            Kind = kind,
            Name = name,
            Runtime = isStatic ? "static" : flags[0] ? "node" : "docker",
            Plan = isStatic || flags[1] ? null : plan,
            RootDir = flags[2] ? path : null,
            BuildCommand = flags[3] ? texts[0] : null,
            StartCommand = isStatic ? null : texts[1],
            PreDeployCommand = isServer && flags[4] ? texts[2] : null,
            DockerCommand = !isStatic && flags[5] ? texts[3] : null,
            StaticPublishPath = isStatic ? path : null,
            Schedule = kind == ServiceKind.CronJob ? "*/5 0 * * MON-FRI" : null,
            NumInstances = isServer && flags[6] ? numbers[0] : null,
            Scaling = isServer && !flags[6] && flags[7] ? new ScalingSpec(1, numbers[1], numbers[2], null) : null,
            Disk = isServer && !flags[6] && !flags[7] ? new DiskSpec("data", "/var/my data", flags[8] ? numbers[3] : null) : null,
            Domains = isServer && kind == ServiceKind.WebService && flags[9] ? ["example.com", "*.example.com"] : null,
            Routes = isStatic ? [new RouteSpec(RouteKind.Rewrite, "/*", "/index.html")] : null,
            Headers = isStatic && flags[10] ? [new HeaderSpec("/*", "X-A", "a: b # c")] : null,
            BuildFilter = flags[11] ? new BuildFilterSpec(["src/**", "#a"], flags[10] ? [] : null) : null,
            Previews = isServer && flags[10] ? new ServicePreviews(PreviewGeneration.Manual, null, numbers[4]) : null,
            AutoDeploy = flags[4] ? AutoDeployTrigger.ChecksPass : null,
            IpAllowList = kind == ServiceKind.CronJob ? null : allowList,
            PlatformSubdomain = isServer ? flags[5] : null,
            MaintenanceMode = kind == ServiceKind.WebService && flags[9]
                ? new MaintenanceSpec(flags[10], flags[11] ? "https://example.com/maintenance" : null)
                : null,
            MaxShutdownDelaySeconds = isServer ? numbers[5] : null,
            EnvVars = envVars,
        };
    }

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.Select(Gen.Bool, gen, (present, value) => present ? value : null);

    /// <summary>Half of a surrogate pair is no text that a file could hold.</summary>
    private static bool Portable(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        return true;
    }
}

using Portico.Blueprint.Binding;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Writing;

/// <summary>Writes the parts that several kinds of resources share.</summary>
internal static class PartWriter
{
    public static void IpAllowList(YamlText yaml, ValueList<IpAllowEntry>? list) =>
        yaml.List("ipAllowList", list, entry =>
        {
            yaml.Field("source", entry.Source);
            yaml.Field("description", entry.Description);
        });

    public static void RegistryCredential(YamlText yaml, string field, string? name)
    {
        if (name is not null)
            yaml.Map(field, () => yaml.Map("fromRegistryCreds", () => yaml.Field("name", name)));
    }

    public static void EnvVars(YamlText yaml, ValueList<EnvEntry>? entries) =>
        yaml.List("envVars", entries, entry => EnvEntry(yaml, entry));

    private static void EnvEntry(YamlText yaml, EnvEntry entry)
    {
        if (entry is EnvGroupLink link)
            yaml.Field("fromGroup", link.Group);
        if (entry is not EnvVar variable)
            return;
        yaml.Field("key", variable.Key);
        EnvValue(yaml, variable.Value);
        yaml.Field("previewValue", variable.PreviewValue);
    }

    private static void EnvValue(YamlText yaml, EnvValue value)
    {
        switch (value)
        {
            case LiteralValue literal:
                yaml.Field("value", literal.Text);
                break;
            case GeneratedValue:
                yaml.Field("generateValue", true);
                break;
            case PromptedValue prompted:
                yaml.Field("value", prompted.Default);
                yaml.Field("sync", false);
                break;
            case DatabaseReference reference:
                yaml.Map("fromDatabase", () =>
                {
                    yaml.Field("name", reference.Name);
                    yaml.Field("property", reference.Property);
                });
                break;
            case ServiceReference reference:
                yaml.Map("fromService", () => Reference(yaml, reference));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value));
        }
    }

    private static void Reference(YamlText yaml, ServiceReference reference)
    {
        yaml.Field("type", Vocabulary.References.WordOf(reference.Kind));
        yaml.Field("name", reference.Name);
        yaml.Field("property", reference.Property);
        yaml.Field("envVarKey", reference.EnvVarKey);
    }
}

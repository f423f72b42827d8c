using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LlmSim.Tests.Api;

/// <summary>The public surface of an assembly in words, a line for each type and member, sorted. What records generate is left out.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes()
            .SelectMany(type => Members(type).Select(member => $"{TypeName(type)}.{member}").Prepend($"{TypeName(type)} : {Kind(type)}"))
            .Order(StringComparer.Ordinal),
    ];

    private static string TypeName(Type type) => $"{type.Namespace}.{ApiNames.Of(type)}";

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name =>
                $"{name} = {Convert.ChangeType(Enum.Parse(type, name), Enum.GetUnderlyingType(type), CultureInfo.InvariantCulture)}");
        }

        return
        [
            .. type.GetConstructors(Declared).Where(IsListed).Select(constructor => $"new({ApiNames.Of(constructor.GetParameters())})"),
            .. type.GetProperties(Declared).Where(property => IsVisible(property.GetMethod) && !IsGenerated(property)).Select(Describe),
            .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(field =>
                $"{field.Name} : {(field.IsLiteral ? "const " : field.IsInitOnly ? "readonly " : "")}{ApiNames.Of(field)}"),
            .. type.GetMethods(Declared).Where(method => IsListed(method)
                    && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)))
                .Select(Describe),
        ];
    }

    private static string Kind(Type type)
    {
        string shape = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct")
            : (type.IsAbstract, type.IsSealed) switch
            {
                (true, true) => "static class",
                (true, false) => "abstract class",
                (false, true) => "sealed class",
                _ => "class",
            };
        return type.BaseType is { } basis && basis != typeof(object) && !type.IsValueType ? $"{shape}, {ApiNames.Of(basis)}" : shape;
    }

    private static string Describe(PropertyInfo property)
    {
        string accessors = (IsVisible(property.GetMethod) ? "get; " : "") + (!IsVisible(property.SetMethod) ? ""
            : property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ");
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{ApiNames.Of(parameters)}]" : "";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{property.Name}{index} : {Modifiers(property.GetMethod!)}{required}{ApiNames.Of(property)} {{ {accessors}}}";
    }

    private static string Describe(MethodInfo method) =>
        $"{ApiNames.Of(method)}({ApiNames.Of(method.GetParameters())}) : {Modifiers(method)}{ApiNames.Of(method.ReturnParameter)}";

    private static string Modifiers(MethodBase method) => (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")
        + (method.IsStatic ? "static " : method.IsAbstract ? "abstract "
            : method is MethodInfo m && m.GetBaseDefinition() != m ? "override "
            : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");

    private static bool IsListed(MethodBase method) => IsVisible(method) && !IsGenerated(method);

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute))
        || member.Name == "EqualityContract" || member.Name == "PrintMembers";
}

-- What can identify. Equal texts prove nothing: two things are one only by a number that is well formed as such, or by one place; what
-- contradicts it tells them apart. A word instead of a number (见附件), a bare 0001, and a number that many projects give identify nothing.

-- Without blanks and brackets, in capitals: a number as it is compared.
CREATE OR REPLACE MACRO plain_number(told) AS upper(regexp_replace(told, '[\s　（）()〔〕【】\[\]{}·]', '', 'g'));

-- Words that stand where a number is not: alone, or with the piece of paper that they point to.
CREATE OR REPLACE MACRO is_filler(told) AS
    regexp_full_match(plain_number(told), '[/\\\-—_.*?？、，。]*|[0\-]+|X+|NULL|NONE|N/?A|NAN|TBD|TEST|有|无|否|是|同上|空|已办|未办|补办|待办|待补|待定|待查|'
        || '待核|不详|不明|未知|未填|略|无证|无号|没有|暂无|暂缺|暂未|遗失|合格|齐全')
    OR regexp_matches(plain_number(told), '附件|附表|附后|附图|附页|详见|见表|见备注|见说明|见合同|见档案|见原件|如附|另附|另行|另报|办理|正在|申请中|申报中|受理中|'
        || '审批中|登记中|尚未|暂未|暂无|未取得|未办|未领|待办|待领|待补|待定|待核|补办|后补');

-- The 28 characters of a real-estate unit that is a building's (GB/T 37346): division, zone and parcel, then F, building and unit. All
-- noughts are no building or unit; a parcel alone, or a land's own unit (W), names no room.
CREATE OR REPLACE MACRO unit_of(told) AS
    CASE WHEN regexp_full_match(plain_number(told), '[1-9][0-9]{11}[GJZ][A-Z][0-9]{5}F[0-9]{8}')
              AND NOT regexp_matches(plain_number(told), '[GJZ][A-Z]0{5}F|F0{4}|F[0-9]{4}0{4}') THEN plain_number(told) END;
CREATE OR REPLACE MACRO parcel_of(told) AS
    CASE WHEN regexp_full_match(plain_number(told), '[1-9][0-9]{11}[GJZ][A-Z][0-9]{5}([FLQW][0-9]{8})?')
              AND plain_number(told)[15:19] <> '00000' THEN plain_number(told)[1:19] END;

CREATE OR REPLACE MACRO title_part(told) AS
    regexp_extract(plain_number(told), '(不动产权|房地?产?权证?|房地?证|房地.{0,4}字|房产证|所有权证|产权证?)(.*)', 2);
-- A title: 陕(2009)安康市不动产权第0001234号, or an older 房权证…字第123456号 of five figures and more. A certificate of land names no room.
CREATE OR REPLACE MACRO title_of(told) AS
    CASE WHEN NOT is_filler(told) AND NOT regexp_matches(plain_number(told), '国用|集用|土地使用|宅基地')
              AND (regexp_matches(plain_number(told), '(19|20)[0-9]{2}.+不动产权.*[1-9]')
                   OR regexp_matches(title_part(told), '([0-9][\-—]?){5,}') AND regexp_matches(title_part(told), '[1-9]'))
                       THEN plain_number(told) END;

-- A number of any other kind (receipt, permit, developer's code): five figures, or figures that letters or words make a series of its own.
CREATE OR REPLACE MACRO number_of(told) AS
    CASE WHEN NOT is_filler(told) AND regexp_matches(plain_number(told), '[1-9]')
              AND (regexp_matches(plain_number(told), '([0-9][\-—/]?){5,}')
                  OR regexp_matches(regexp_replace(plain_number(told), '第|号|字|NO\.?', '', 'g'), '\pL'))
         THEN plain_number(told) END;
-- The same with figures enough to tell it from the numbers of every other series.
CREATE OR REPLACE MACRO long_number_of(told) AS CASE WHEN regexp_matches(number_of(told), '([0-9][\-—/]?){5,}') THEN number_of(told) END;
